/** Follows a running batch until it ends; a Ctrl-C leaves it running and says how to look again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchLook } from '../adapters/temporal-batches.ts';
import type { BatchStatus } from '../batches/batch.ts';
import { InterruptedError, needing, UnavailableError } from './exit-codes.ts';
import { createBatchView } from './batch-view.ts';

const POLL_MS = 500;

/** Returns how it ended. @throws InterruptedError on Ctrl-C */
export async function watchBatch(
  batchId: string,
  lookAt: () => Promise<BatchLook | null>,
  signal: AbortSignal,
): Promise<BatchStatus> {
  const view = createBatchView();
  try {
    while (!signal.aborted) {
      const look = await needing(
        'The batch',
        `It goes on by itself. Does the worker run? \`elocute batch ${batchId}\` asks again.`,
        lookAt,
      );
      if (look === null) throw new UnavailableError(`Temporal does not know batch ${batchId}.`);
      view.update(look.progress);
      if (!look.running) return look.progress.status;
      await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
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
