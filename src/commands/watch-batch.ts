/** Follows a running batch until it ends; a Ctrl-C leaves it running and says how to look again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchLook } from '../adapters/temporal-batches.ts';
import type { BatchStatus } from '../batches/batch.ts';
import { createBatchView, type BatchView } from './batch-view.ts';
import { InterruptedError, needing, UnavailableError } from './exit-codes.ts';
import { patience } from './patience.ts';

const POLL_MS = 500;

export interface WatchBatchOptions {
  signal: AbortSignal;
  view?: BatchView;
  pollMs?: number;
  giveUpMs?: number;
}

/**
 * Returns how it ended.
 * @throws InterruptedError on Ctrl-C, UnavailableError where nobody answers for a minute
 */
export async function watchBatch(
  batchId: string,
  lookAt: () => Promise<BatchLook | null>,
  { signal, view = createBatchView(), pollMs = POLL_MS, giveUpMs }: WatchBatchOptions,
): Promise<BatchStatus> {
  // While the worker is rolled nobody answers a query; the batch goes on afterwards.
  const { attempt } = patience(giveUpMs);
  const look = async () => ({ found: await lookAt() });
  try {
    while (!signal.aborted) {
      const answer = await needing(
        'The batch',
        `It goes on by itself. Does the worker run? \`elocute batch ${batchId}\` asks again.`,
        () => attempt(look),
      );
      if (answer !== null) {
        const { found } = answer;
        if (found === null) throw new UnavailableError(`Temporal does not know batch ${batchId}.`);
        view.update(found.progress);
        if (!found.running) return found.progress.status;
      }
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    view.end();
  }
  throw new InterruptedError(
    [
      'Detached: the batch goes on.',
      `  elocute batch ${batchId} watch     look again`,
      `  elocute batch ${batchId} pause     start no more items for now`,
      `  elocute batch ${batchId} cancel    end it`,
    ].join('\n'),
  );
}
