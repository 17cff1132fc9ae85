/** Follows a scoring until it has ended, through the workflow's own progress query. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { PROGRESS_QUERY, type ScoringProgress } from '../contract.ts';

const POLL_MS = 400;
const RPC_TIMEOUT_MS = 5000;

export interface WatchOptions {
  client: Client;
  workflowId: string;
  onProgress: (progress: ScoringProgress) => void;
  signal: AbortSignal;
}

/** Resolves when the workflow has closed; the outcome stands in the database by then. */
export async function watchScoring(options: WatchOptions): Promise<void> {
  const { client, workflowId, onProgress, signal } = options;
  const handle = client.workflow.getHandle(workflowId);
  for (;;) {
    signal.throwIfAborted();
    try {
      const deadline = Date.now() + RPC_TIMEOUT_MS;
      const { status } = await client.withDeadline(deadline, () => handle.describe());
      const progress = await client.withDeadline(deadline, () =>
        handle.query<ScoringProgress>(PROGRESS_QUERY),
      );
      onProgress(progress);
      if (status.name !== 'RUNNING') return;
    } catch (error) {
      // Not started yet, or the worker is busy: both pass, and the caller can always interrupt.
      if (!(error instanceof WorkflowNotFoundError) && !isTransient(error)) throw error;
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** gRPC codes as numbers: deadline exceeded, unavailable, failed precondition (no worker yet). */
const TRANSIENT_CODES = [4, 14, 9, 1];

function isTransient(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === 'number' && TRANSIENT_CODES.includes(code)) return true;
  }
  return error instanceof Error && error.name === 'QueryNotRegisteredError';
}
