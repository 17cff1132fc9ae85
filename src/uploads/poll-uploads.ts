/**
 * The starter's loop: receive, start one workflow per upload, then delete the message. A message is
 * deleted only after every start in it was acknowledged; what goes wrong comes again by itself, and
 * what goes wrong every time is moved to the dead-letter queue by the queue's redrive policy. What is
 * not understood is sent there at once, with the reason.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeadLetterSink } from './dead-letters.ts';
import {
  handleEvent,
  noUploads,
  type EventDependencies,
  type UploadCounts,
} from './handle-event.ts';
import type { UploadMessage, UploadQueue } from './upload-queue.ts';

export interface PollDependencies extends EventDependencies {
  queue: UploadQueue;
  deadLetters: DeadLetterSink;
}

const BACK_OFF_MS = { least: 500, most: 30_000 };

export function createPoller(deps: PollDependencies, counts: UploadCounts = noUploads()) {
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
  if (handled.kind === 'poison' && !(await bury(message, handled.reason))) return;
  await deps.queue.delete(message);

  /** False where it could not be sent: it stays, and the queue's redrive policy is the backstop. */
  async function bury(poison: UploadMessage, reason: string): Promise<boolean> {
    try {
      await deps.deadLetters.send(poison, reason);
      return true;
    } catch (error) {
      // Not thrown: poison must not make the good ones wait.
      counts.errors += 1;
      const messageId = poison.id;
      deps.log.warn({ err: error, messageId }, 'poison could not be moved to the dead letters');
      return false;
    }
  }
}
