/** Follows a reconciliation until it has ended. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningReconciliation } from '../adapters/temporal-reconciliation.ts';
import type { ReconcileProgress, ReconcileUploadsResult } from '../contract/reconciliation.ts';
import { UnavailableError } from './exit-codes.ts';
import { aborted } from './interrupts.ts';

const POLL_MS = 400;
const QUERY_WITHIN_MS = 5000;
const GIVE_UP_MS = 60_000;

/** Rejects when neither Temporal nor a worker has answered for a minute. */
export async function watchReconciliation(
  run: RunningReconciliation,
  onProgress: (progress: ReconcileProgress) => void,
  signal: AbortSignal,
  giveUpMs = GIVE_UP_MS,
): Promise<ReconcileUploadsResult> {
  const result = run.result();
  const ended = result.then(() => true);
  const stopped = aborted(signal);
  // Both may end while nobody waits for them.
  ended.catch(() => undefined);
  stopped.catch(() => undefined);
  let answeredAt = performance.now();
  for (;;) {
    if (await Promise.race([ended, stopped, sleep(POLL_MS, false)])) return result;
    try {
      onProgress(await run.progress(Date.now() + QUERY_WITHIN_MS));
      answeredAt = performance.now();
    } catch (error) {
      // A busy worker, or a run that just went on in a new one: the result says how it ends.
      if (performance.now() - answeredAt > giveUpMs) {
        throw new UnavailableError(
          `No answer about ${run.workflowId} for ${giveUpMs / 1000} s. Do Temporal and the worker run? The reconciliation stays started.`,
          { cause: error },
        );
      }
    }
  }
}
