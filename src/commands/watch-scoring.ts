/** Follows a scoring until it has ended, through the workflow's own progress query. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { PROGRESS_QUERY, type ScoringProgress } from '../contract.ts';
import { InterruptedError, UnavailableError } from './exit-codes.ts';

const POLL_MS = 400;
const RPC_TIMEOUT_MS = 5000;
/** Without a workflow, or without an answer, for this long: it will not pass by itself. */
const GIVE_UP_MS = 60_000;

export interface WatchOptions {
  client: Client;
  workflowId: string;
  onProgress: (progress: ScoringProgress) => void;
  signal: AbortSignal;
  giveUpMs?: number;
}

/**
 * Resolves when the outcome stands in the database. Rejects where a teacher is waited for, or when for
 * a minute there was no workflow, or no answer from Temporal or the worker.
 */
export async function watchScoring(options: WatchOptions): Promise<void> {
  const { client, workflowId, onProgress, signal, giveUpMs = GIVE_UP_MS } = options;
  let answeredAt = performance.now();
  const handle = client.workflow.getHandle(workflowId);
  for (;;) {
    signal.throwIfAborted();
    try {
      const deadline = Date.now() + RPC_TIMEOUT_MS;
      const { status } = await client.withDeadline(deadline, () => handle.describe());
      const progress = await client.withDeadline(deadline, () =>
        handle.query<ScoringProgress>(PROGRESS_QUERY),
      );
      answeredAt = performance.now();
      onProgress(progress);
      if (status.name !== 'RUNNING' || isStored(progress)) return;
      if (progress.status === 'reviewing') {
        throw new InterruptedError(
          `${workflowId} waits for a teacher's review (${progress.review?.because ?? ''}); \`elocute review\` decides.`,
        );
      }
    } catch (error) {
      // Not started yet, or the worker is busy: both pass, or else are named after a minute.
      if (error instanceof InterruptedError) throw error;
      const missing = error instanceof WorkflowNotFoundError;
      if (!missing && !isTransient(error)) throw error;
      if (performance.now() - answeredAt > giveUpMs) {
        throw new UnavailableError(
          missing
            ? `No workflow ${workflowId} after ${giveUpMs / 1000} s. Does the starter run, and does the user bucket send its events to the queue?`
            : `No answer about ${workflowId} for ${giveUpMs / 1000} s. Do Temporal and the worker run? \`elocute status ${workflowId}\` asks again.`,
          { cause: error },
        );
      }
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Only the application is still to be told, which may take a day where it does not answer. */
function isStored({ status, steps }: ScoringProgress): boolean {
  return status !== 'scoring' && steps.some(({ name }) => name === 'notify');
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
