/**
 * The starter's loop: receive, start one workflow per upload, then delete the message. A message is
 * deleted only after every start in it was acknowledged; what goes wrong comes again by itself, and
 * what goes wrong every time is moved to the dead-letter queue by the queue's redrive policy.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  handleEvent,
  noUploads,
  type EventDependencies,
  type UploadCounts,
} from './handle-event.ts';
import type { UploadMessage, UploadQueue } from './upload-queue.ts';

export interface PollDependencies extends EventDependencies {
  queue: UploadQueue;
}

const BACK_OFF_MS = { least: 500, most: 30_000 };

export function createPoller(deps: PollDependencies) {
  const counts = noUploads();
  return {
    counts,
    /** Runs until `signal` aborts; a batch in hand is finished first. */
    async run(signal: AbortSignal): Promise<void> {
      let backOffMs = BACK_OFF_MS.least;
      while (!signal.aborted) {
        try {
          const messages = await deps.queue.receive(signal);
          await Promise.all(messages.map((message) => handle(message, deps, counts)));
          backOffMs = BACK_OFF_MS.least;
        } catch (error) {
          if (isAborted(signal)) return;
          counts.errors += 1;
          deps.log.warn({ err: error, backOffMs }, 'uploads cannot be handled now; will try again');
          await sleep(backOffMs, undefined, { signal }).catch(() => undefined);
          backOffMs = Math.min(BACK_OFF_MS.most, backOffMs * 2);
        }
      }
    },
  };
}

/** Read anew: it may have changed while the loop waited. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function handle(
  message: UploadMessage,
  deps: PollDependencies,
  counts: UploadCounts,
): Promise<void> {
  const handled = await handleEvent(message, deps, counts);
  // Not deleted: it may be somebody's recording, and a person can read it in the dead letters.
  if (handled.kind === 'poison') return;
  await deps.queue.delete(message);
}
