/** Which build a worker says that it is, for Temporal's worker versioning. */
import type { WorkerOptions } from '@temporalio/worker';
import type { Config } from '../config.ts';

/** Nothing where no build is named: then any worker is given any task, as without versioning. */
export function deploymentOptionsOf({
  WORKER_BUILD_ID: buildId,
  WORKER_DEPLOYMENT: deploymentName,
}: Pick<Config, 'WORKER_BUILD_ID' | 'WORKER_DEPLOYMENT'>): Pick<
  WorkerOptions,
  'workerDeploymentOptions'
> {
  if (buildId === undefined) return {};
  return {
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { buildId, deploymentName },
      // Of every workflow: one that waits months for a review must not need the build that began it.
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    },
  };
}
