/**
 * The starter's loop: receive, start one workflow per upload, then delete the message. A message is
 * deleted only after every start in it was acknowledged; what goes wrong comes again by itself, and
 * what goes wrong every time is moved to the dead-letter queue by the queue's redrive policy.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScorePronunciationInput } from '../contract.ts';
import type { Log } from '../log.ts';
import { classifyUpload, type IgnoredReason, type UploadFilter } from './classify-upload.ts';
import { parseMessage } from './s3-event.ts';
import type { UploadMessage, UploadQueue } from './upload-queue.ts';

export type StartOutcome = 'started' | 'duplicate';

export interface PollDependencies {
  queue: UploadQueue;
  filter: UploadFilter;
  start: (input: ScorePronunciationInput) => Promise<StartOutcome>;
  log: Log;
}

/** What the starter did since it runs; ignored messages by reason, poison ones at every receive. */
export interface UploadCounts {
  started: number;
  duplicate: number;
  ignored: Partial<Record<IgnoredReason | 'NOTHING_TO_SCORE' | 'POISON', number>>;
  errors: number;
}

const BACK_OFF_MS = { least: 500, most: 30_000 };

export function createPoller(deps: PollDependencies) {
  const counts: UploadCounts = { started: 0, duplicate: 0, ignored: {}, errors: 0 };
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
  const parsed = parseMessage(message.body);
  switch (parsed.kind) {
    case 'ignored':
      note('NOTHING_TO_SCORE', parsed.reason);
      break;
    case 'poison':
      // Not deleted: it may be somebody's recording, and a person can read it in the dead letters.
      note('POISON', parsed.reason, 'upload event not understood; left for the dead-letter queue');
      return;
    case 'uploads':
      for (const upload of parsed.uploads) {
        const classified = classifyUpload(upload, deps.filter);
        if (classified.kind === 'ignored') note(classified.reason, classified.detail);
        else counts[await deps.start(classified.input)] += 1;
      }
      break;
  }
  await deps.queue.delete(message);

  function note(
    reason: keyof UploadCounts['ignored'],
    detail: string,
    what = 'upload ignored',
  ): void {
    counts.ignored[reason] = (counts.ignored[reason] ?? 0) + 1;
    // Keys name people: the message id finds the event, the reason says what to do.
    deps.log.warn({ messageId: message.id, reason, detail }, what);
  }
}
