/** The builds of a worker deployment: which there are, and which of them is given work. */
import { setTimeout } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { isGrpcServiceError, type Client } from '@temporalio/client';

export interface Build {
  buildId: string;
  /** `draining`: workflows that are pinned to it still run. */
  status: BuildStatus;
  /** The part of the workflows that it is given while it ramps up. */
  rampPercent: number | null;
  createdAt: string | null;
}

export type BuildStatus = 'current' | 'ramping' | 'inactive' | 'draining' | 'drained' | 'unknown';

export interface Builds {
  deployment: string;
  /** Null: workers without a build are given the work. */
  current: string | null;
  /** The latest first. */
  builds: Build[];
}

/** What the server says why it does not take a build; nothing has changed then. */
export class BuildRefused extends Error {
  override readonly name = 'BuildRefused';
}

/** Null where no worker with a build has been seen yet. */
export async function listBuilds(client: Client, deployment: string): Promise<Builds | null> {
  try {
    const { workerDeploymentInfo: info } = await client.workflowService.describeWorkerDeployment({
      namespace: client.options.namespace,
      deploymentName: deployment,
    });
    const routing = info?.routingConfig;
    const current = routing?.currentDeploymentVersion?.buildId ?? null;
    const ramping = routing?.rampingDeploymentVersion?.buildId ?? null;
    const builds = (info?.versionSummaries ?? []).map((summary): Build => {
      const buildId = summary.deploymentVersion?.buildId ?? '';
      return {
        buildId,
        status: STATUS[summary.status ?? 0] ?? 'unknown',
        rampPercent: buildId === ramping ? (routing?.rampingVersionPercentage ?? 0) : null,
        createdAt: timeOf(summary.createTime?.seconds),
      };
    });
    builds.sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
    return { deployment, current, builds };
  } catch (error) {
    if (isGrpcServiceError(error) && error.code === status.NOT_FOUND) return null;
    throw error;
  }
}

/** WorkerDeploymentVersionStatus of Temporal's protocol, whose package is no dependency of ours. */
const STATUS: Record<number, BuildStatus> = {
  1: 'inactive',
  2: 'current',
  3: 'ramping',
  4: 'draining',
  5: 'drained',
};

function timeOf(seconds: { toNumber(): number } | null | undefined): string | null {
  return seconds ? new Date(seconds.toNumber() * 1000).toISOString() : null;
}

/**
 * New and running workflows go to this build from their next task on; null: to workers without one.
 * The server refuses a build that it has seen no workers of, or none on a task queue in use.
 */
export async function makeBuildCurrent(
  client: Client,
  deployment: string,
  buildId: string | null,
): Promise<void> {
  await change(client, deployment, buildId, () =>
    client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: client.options.namespace,
      deploymentName: deployment,
      buildId: buildId ?? '',
      identity: 'elocute',
    }),
  );
}

/** A part of all workflows, always the same ones by their ids, goes to this build; 0: none any more. */
export async function rampBuild(
  client: Client,
  deployment: string,
  { buildId, percent }: { buildId: string; percent: number },
): Promise<void> {
  await change(client, deployment, buildId, () =>
    client.workflowService.setWorkerDeploymentRampingVersion({
      namespace: client.options.namespace,
      deploymentName: deployment,
      buildId: percent === 0 ? '' : buildId,
      percentage: percent,
      identity: 'elocute',
    }),
  );
}

async function change(
  client: Client,
  deployment: string,
  buildId: string | null,
  ask: () => Promise<unknown>,
): Promise<void> {
  try {
    await ask();
  } catch (error) {
    if (!isGrpcServiceError(error) || !REFUSALS.includes(error.code)) throw error;
    const what = buildId === null ? 'Workers without a build' : `Build ${buildId}`;
    throw new BuildRefused(
      `${what} cannot be given work: ${error.details}. Start its workers first.`,
      { cause: error },
    );
  }
  await untilTaskQueuesKnow(client, deployment);
}

const REFUSALS: readonly status[] = [
  status.NOT_FOUND,
  status.FAILED_PRECONDITION,
  status.INVALID_ARGUMENT,
];

/** ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS of Temporal's protocol. */
const IN_PROGRESS = 1;
const ASK_EVERY_MS = 100;
/** A second when all is well. */
const KNOWN_WITHIN_MS = 60_000;

/** The server answers before its task queues know; until then, tasks go where they went. */
async function untilTaskQueuesKnow(client: Client, deploymentName: string): Promise<void> {
  const { namespace } = client.options;
  const deadline = Date.now() + KNOWN_WITHIN_MS;
  for (;;) {
    const { workerDeploymentInfo: info } = await client.workflowService.describeWorkerDeployment({
      namespace,
      deploymentName,
    });
    if (Number(info?.routingConfigUpdateState) !== IN_PROGRESS) return;
    if (Date.now() > deadline) {
      throw new Error('The server took the change, but its task queues do not know it yet.');
    }
    await setTimeout(ASK_EVERY_MS);
  }
}
