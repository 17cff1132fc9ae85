/** Batches in Temporal: started, looked at, changed while they run. */
import {
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import {
  BATCH_PRIORITY,
  BATCH_PROGRESS_QUERY,
  batchWorkflowId,
  PAUSE_UPDATE,
  RESCORE_BATCH,
  RESUME_UPDATE,
  SET_UPDATE,
  type BatchProgress,
  type BatchStatus,
  type LimitChange,
  type RescoreBatchInput,
} from '../batches/batch.ts';
import { taskQueuesOf } from '../contract.ts';
import { ANSWER_WITHIN_MS, askForChange } from './temporal-changes.ts';

/** `summary`: the title in the Web UI, without personal data. */
export async function startBatch(
  client: Client,
  taskQueue: string,
  input: RescoreBatchInput,
  summary: string,
): Promise<string> {
  const workflowId = batchWorkflowId(input.batchId);
  await client.workflow.start(RESCORE_BATCH, {
    taskQueue: taskQueuesOf(taskQueue).scoring,
    workflowId,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    staticSummary: summary,
    priority: BATCH_PRIORITY,
    args: [input],
  });
  return workflowId;
}

export interface BatchLook {
  running: boolean;
  progress: BatchProgress;
}

/** Null where Temporal does not know the batch (any more). */
export async function lookAtBatch(client: Client, batchId: string): Promise<BatchLook | null> {
  const handle = client.workflow.getHandle(batchWorkflowId(batchId));
  try {
    return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, async () => {
      const { status } = await handle.describe();
      const progress = await handle.query<BatchProgress>(BATCH_PROGRESS_QUERY);
      const running = status.name === 'RUNNING';
      // One that was terminated had no chance to say it.
      return { running, progress: running ? progress : { ...progress, status: statusOf(status) } };
    });
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/**
 * How a batch stands whose row says that it runs: the row of one that was terminated, or whose report
 * could not be written, says so for ever.
 */
export async function standingOfBatch(client: Client, batchId: string): Promise<BatchStatus> {
  const handle = client.workflow.getHandle(batchWorkflowId(batchId));
  try {
    const deadline = Date.now() + ANSWER_WITHIN_MS;
    const { status } = await client.withDeadline(deadline, () => handle.describe());
    return statusOf(status);
  } catch (error) {
    // Forgotten, so ended, and not as it should have.
    if (error instanceof WorkflowNotFoundError) return 'failed';
    throw error;
  }
}

/** Whatever else Temporal says is an end that was not meant: failed, terminated, timed out. */
const STATUS: Partial<Record<WorkflowExecutionStatusName, BatchStatus>> = {
  RUNNING: 'running',
  PAUSED: 'running',
  CONTINUED_AS_NEW: 'running',
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
};

function statusOf({ name }: { name: WorkflowExecutionStatusName }): BatchStatus {
  return STATUS[name] ?? 'failed';
}

export type BatchChange =
  | { kind: 'pause' }
  | { kind: 'resume' }
  | { kind: 'set'; limits: LimitChange }
  | { kind: 'cancel' };

/** @throws ChangeRefused where the batch has ended or the change makes no sense */
export async function changeBatch(
  client: Client,
  batchId: string,
  change: BatchChange,
): Promise<void> {
  const handle = client.workflow.getHandle(batchWorkflowId(batchId));
  const update = async () => {
    switch (change.kind) {
      case 'pause':
        return handle.executeUpdate(PAUSE_UPDATE);
      case 'resume':
        return handle.executeUpdate(RESUME_UPDATE);
      case 'set':
        return handle.executeUpdate(SET_UPDATE, { args: [change.limits] });
      case 'cancel':
        return handle.cancel();
    }
  };
  await askForChange(client, `batch ${batchId}`, update);
}
