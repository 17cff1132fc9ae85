/** Runs a reconciliation now, or joins the one that runs. */
import {
  ApplicationFailure,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type Client,
} from '@temporalio/client';
import { PROGRESS_QUERY, taskQueuesOf } from '../contract.ts';
import {
  RECONCILE_UPLOADS,
  reconcileSummaryOf,
  type ReconcileProgress,
  type ReconcileUploadsInput,
  type ReconcileUploadsResult,
} from '../contract/reconciliation.ts';
import { ElocuteError, isFailureCode } from '../failures.ts';

export interface RunningReconciliation {
  workflowId: string;
  /** True where it ran already, perhaps with other options. */
  joined: boolean;
  progress(deadlineMs: number): Promise<ReconcileProgress>;
  /** Rejects with the catalogue's failure where there is one. */
  result(): Promise<ReconcileUploadsResult>;
}

/** One at a time of each kind, whoever asks: `{queue}-reconcile-now` and `…-dry-run`. */
export async function runReconciliation(
  client: Client,
  taskQueue: string,
  input: ReconcileUploadsInput,
): Promise<RunningReconciliation> {
  const workflowId = `${taskQueue}-reconcile-${input.dryRun ? 'dry-run' : 'now'}`;
  const joined = await client.workflow
    .start(RECONCILE_UPLOADS, {
      taskQueue: taskQueuesOf(taskQueue).scoring,
      workflowId,
      workflowIdConflictPolicy: 'FAIL',
      staticSummary: reconcileSummaryOf(input),
      args: [input],
    })
    .then(
      () => false,
      (error: unknown) => {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return true;
        throw error;
      },
    );
  // Without a run id: it goes on in new runs under the same name.
  const handle = client.workflow.getHandle(workflowId);
  return {
    workflowId,
    joined,
    progress: (deadlineMs) =>
      client.withDeadline(deadlineMs, () => handle.query<ReconcileProgress>(PROGRESS_QUERY)),
    result: () =>
      handle.result().then(
        (result) => result as ReconcileUploadsResult,
        (error: unknown) => {
          throw inCatalogue(error);
        },
      ),
  };
}

function inCatalogue(error: unknown): unknown {
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure && isFailureCode(cause.type)
    ? new ElocuteError(cause.type, cause.message, { cause })
    : error;
}
