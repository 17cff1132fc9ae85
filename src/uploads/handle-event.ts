/** One upload event, whichever way it came in: a start for every upload in it that is scored. */
import type { ObjectRef, ScorePronunciationInput } from '../contract.ts';
import type { Log } from '../log.ts';
import {
  classifyUpload,
  lessonOf,
  type IgnoredReason,
  type UploadFilter,
} from './classify-upload.ts';
import { parseMessage, type UploadEvent } from './s3-event.ts';

export type StartOutcome = 'started' | 'duplicate';

export interface EventDependencies {
  filter: UploadFilter;
  start: (input: ScorePronunciationInput) => Promise<StartOutcome>;
  /** The object that lies under the key now; null where none does. */
  describe: (object: ObjectRef) => Promise<{ object: ObjectRef } | null>;
  log: Log;
}

/** What the starter did since it runs; ignored and poison events by reason. */
export interface UploadCounts {
  started: number;
  duplicate: number;
  ignored: Partial<Record<IgnoredReason | 'GONE' | 'NOTHING_TO_SCORE' | 'POISON', number>>;
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
      for (const upload of parsed.uploads) await handleUpload(upload);
      return { kind: 'done' };
  }

  async function handleUpload(upload: UploadEvent): Promise<void> {
    const wanted = lessonOf(upload, deps.filter);
    if (wanted.kind === 'ignored') {
      note(wanted.reason, wanted.detail);
      return;
    }
    const identified = await identify(upload, deps.describe);
    if (identified === null) {
      note('GONE', 'the object was deleted before its event said which one it was');
      return;
    }
    const classified = classifyUpload(identified, deps.filter);
    if (classified.kind === 'score') counts[await deps.start(classified.input)] += 1;
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

/** Where the event says neither version nor etag, S3 does; null where the object is gone by then. */
async function identify(
  upload: UploadEvent,
  describe: EventDependencies['describe'],
): Promise<UploadEvent | null> {
  if (upload.versionId !== null || upload.etag !== null) return upload;
  const { bucket, key } = upload;
  const found = await describe({ bucket, key, versionId: null, etag: null });
  if (found === null) return null;
  const { versionId, etag } = found.object;
  return { ...upload, versionId, etag };
}
