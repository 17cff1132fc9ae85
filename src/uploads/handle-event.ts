/** One upload event, whichever way it came in: a start for every upload in it that is scored. */
import type { ScorePronunciationInput } from '../contract.ts';
import type { Log } from '../log.ts';
import { classifyUpload, type IgnoredReason, type UploadFilter } from './classify-upload.ts';
import { parseMessage } from './s3-event.ts';

export type StartOutcome = 'started' | 'duplicate';

export interface EventDependencies {
  filter: UploadFilter;
  start: (input: ScorePronunciationInput) => Promise<StartOutcome>;
  log: Log;
}

/** What the starter did since it runs; ignored and poison events by reason. */
export interface UploadCounts {
  started: number;
  duplicate: number;
  ignored: Partial<Record<IgnoredReason | 'NOTHING_TO_SCORE' | 'POISON', number>>;
  errors: number;
}

export function noUploads(): UploadCounts {
  return { started: 0, duplicate: 0, ignored: {}, errors: 0 };
}

export interface ArrivedEvent {
  /** Finds the event again in logs and queues. */
  id: string;
  body: string;
}

export type HandledEvent =
  /** Every start in it was acknowledged, or there was nothing to start. */
  | { kind: 'done' }
  /** Not understood, and never will be. */
  | { kind: 'poison'; reason: string };

/** Rejects where a start was not acknowledged: the event has to come again. */
export async function handleEvent(
  event: ArrivedEvent,
  deps: EventDependencies,
  counts: UploadCounts,
): Promise<HandledEvent> {
  const parsed = parseMessage(event.body);
  switch (parsed.kind) {
    case 'ignored':
      note('NOTHING_TO_SCORE', parsed.reason);
      return { kind: 'done' };
    case 'poison':
      note('POISON', parsed.reason, 'upload event not understood');
      return parsed;
    case 'uploads':
      for (const upload of parsed.uploads) {
        const classified = classifyUpload(upload, deps.filter);
        if (classified.kind === 'ignored') note(classified.reason, classified.detail);
        else counts[await deps.start(classified.input)] += 1;
      }
      return { kind: 'done' };
  }

  function note(
    reason: keyof UploadCounts['ignored'],
    detail: string,
    what = 'upload ignored',
  ): void {
    counts.ignored[reason] = (counts.ignored[reason] ?? 0) + 1;
    // Keys name people: the id finds the event, the reason says what to do.
    deps.log.warn({ messageId: event.id, reason, detail }, what);
  }
}
