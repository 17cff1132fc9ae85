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
  /** Messages and requests that failed by their own fault, and what SQS failed at. */
  errors: number;
  /** Times that Temporal or S3 was found down; the messages were kept, the requests' senders told. */
  refused: number;
  /** Messages given back to the queue untouched. */
  returned: number;
}

export function noUploads(): UploadCounts {
  return { started: 0, duplicate: 0, ignored: {}, errors: 0, refused: 0, returned: 0 };
}

export interface ArrivedEvent {
  /** Finds the event again in logs and queues. */
  id: string;
  body: string;
}

export type HandledEvent =
  /** Every start in it was acknowledged, or there was nothing to start. */
  | { kind: 'done' }
  /** Not understood, and never will be; what is understood beside it was started. */
  | { kind: 'poison'; reason: string };

/**
 * Rejects where a start was not acknowledged, after every other was tried: the event has to come again.
 * One bad upload holds up no other of the same event.
 */
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
      await handleUploads(parsed.uploads);
      if (parsed.unreadable === undefined) return { kind: 'done' };
      note('POISON', parsed.unreadable, 'upload event understood in part');
      return { kind: 'poison', reason: parsed.unreadable };
  }

  async function handleUploads(uploads: readonly UploadEvent[]): Promise<void> {
    const errors: unknown[] = [];
    for (const upload of uploads) {
      await handleUpload(upload).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
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

/**
 * Where the event leaves out what makes the id, S3 is asked; null where the object is gone by then and
 * nothing names it. An event without version and sequencer comes from a store that may leave the
 * version out of a bucket that has versions: reconciliation would know the upload by its version.
 */
async function identify(
  upload: UploadEvent,
  describe: EventDependencies['describe'],
): Promise<UploadEvent | null> {
  const { bucket, key, versionId, etag, sequencer } = upload;
  const isNamed = versionId !== null || etag !== null;
  if (versionId !== null || (isNamed && sequencer !== null)) return upload;
  const found = await describe({ bucket, key, versionId: null, etag: null });
  if (found === null) return isNamed ? upload : null;
  // Another upload lies there by now: this one keeps the name that its event gave it.
  if (isNamed && found.object.etag !== etag) return upload;
  return { ...upload, versionId: found.object.versionId, etag: found.object.etag };
}
