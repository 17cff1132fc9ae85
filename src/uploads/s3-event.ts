/**
 * Upload events in every envelope: S3's own (to a queue, or inside SNS, wrapped or raw), EventBridge's
 * (to a queue, or from an API destination), and the webhook bodies of MinIO and versitygw. Keys are
 * decoded by envelope, exactly once. Source: S3 user guide "Event message structure"; EventBridge
 * "Object Created" event; test/fixtures/events for MinIO and versitygw.
 */
import type { z } from 'zod';
import {
  bridgeEvent,
  eventRecord,
  s3Notification,
  snsEnvelope,
  testEvent,
  type BridgeEvent,
  type EventRecord,
} from './event-shapes.ts';
import { keyOfRecord, wellFormed } from './record-key.ts';

export interface UploadEvent {
  bucket: string;
  key: string;
  versionId: string | null;
  /** Without quotes. */
  etag: string | null;
  sequencer: string | null;
  sizeBytes: number | null;
  /** Absent where the event has no readable time. */
  eventAtMs?: number;
}

export type ParsedMessage =
  /** `unreadable`: why some record beside them is not among them, and never will be. */
  | { kind: 'uploads'; uploads: UploadEvent[]; unreadable?: string }
  /** Understood, and nothing to score: a test event, a deletion. */
  | { kind: 'ignored'; reason: string }
  | Poison;

/** Not understood: it will never be. */
interface Poison {
  kind: 'poison';
  reason: string;
}

const MAX_BODY_CHARACTERS = 1024 * 1024;

/** Parses one message or request body. Never throws. */
export function parseMessage(body: string): ParsedMessage {
  if (body.length > MAX_BODY_CHARACTERS) return poison('the body is larger than any S3 event');
  const outer = parseJson(body);
  if (outer === undefined) return poison('the body is not JSON');
  const sns = snsEnvelope.safeParse(outer);
  if (!sns.success) return parseEvent(outer);
  const inner = parseJson(sns.data.Message);
  return inner === undefined ? poison('the SNS message is not JSON') : parseEvent(inner);
}

function parseEvent(event: unknown): ParsedMessage {
  if (testEvent.safeParse(event).success) return { kind: 'ignored', reason: 'test event' };
  if (holds(event, 'Records')) {
    const notification = s3Notification.safeParse(event);
    return notification.success
      ? parseRecords(notification.data.Records)
      : poison(firstIssue(notification.error));
  }
  if (holds(event, 'detail')) {
    const bridge = bridgeEvent.safeParse(event);
    return bridge.success ? parseBridge(bridge.data) : poison(firstIssue(bridge.error));
  }
  return poison('not an S3 event');
}

function parseRecords(records: unknown[]): ParsedMessage {
  const uploads: UploadEvent[] = [];
  let unreadable: string | undefined;
  for (const [index, record] of records.entries()) {
    const read = eventRecord.safeParse(record);
    const upload = read.success
      ? uploadOf(read.data)
      : poison(firstIssue(read.error, ['Records', index]));
    if (upload === null) continue;
    if ('reason' in upload) unreadable ??= upload.reason;
    else uploads.push(upload);
  }
  if (uploads.length > 0) {
    return { kind: 'uploads', uploads, ...(unreadable !== undefined && { unreadable }) };
  }
  return unreadable === undefined
    ? { kind: 'ignored', reason: 'no ObjectCreated record' }
    : poison(unreadable);
}

/** Null where it announces no upload. */
function uploadOf(record: EventRecord): UploadEvent | Poison | null {
  // S3 sends `ObjectCreated:Put`, MinIO and versitygw `s3:ObjectCreated:Put`.
  if (!/^(s3:)?ObjectCreated:/.test(record.eventName)) return null;
  const key = keyOfRecord(record);
  if (key === null) return poison('the key cannot be decoded');
  const { bucket, object } = record.s3;
  return {
    bucket: bucket.name,
    key,
    versionId: versionOf(object.versionId),
    etag: unquote(object.eTag),
    sequencer: sequencerOf(object.sequencer),
    sizeBytes: object.size ?? null,
    ...eventTimeOf(record.eventTime),
  };
}

function parseBridge(event: BridgeEvent): ParsedMessage {
  if (event['detail-type'] !== 'Object Created') {
    return { kind: 'ignored', reason: 'not "Object Created"' };
  }
  const { bucket, object } = event.detail;
  const key = wellFormed(object.key);
  if (key === null) return poison('the key cannot be decoded');
  const upload: UploadEvent = {
    bucket: bucket.name,
    key,
    versionId: versionOf(object['version-id']),
    etag: unquote(object.etag ?? object.eTag),
    sequencer: sequencerOf(object.sequencer),
    sizeBytes: object.size ?? null,
    ...eventTimeOf(event.time),
  };
  return { kind: 'uploads', uploads: [upload] };
}

/** Buckets without versioning send nothing, an empty string, or "null". */
function versionOf(versionId: string | null | undefined): string | null {
  return versionId == null || versionId === '' || versionId === 'null' ? null : versionId;
}

function eventTimeOf(time: string | null | undefined): { eventAtMs?: number } {
  const eventAtMs = Date.parse(time ?? '');
  return Number.isNaN(eventAtMs) ? {} : { eventAtMs };
}

/**
 * S3, MinIO and moto send 16 hex digits or more. versitygw counts from 1 each time it starts, which
 * orders nothing: as a sequencer, 10 would come before 2.
 */
function sequencerOf(sequencer: string | null | undefined): string | null {
  return sequencer != null && /^[0-9a-f]{16,}$/i.test(sequencer) ? sequencer : null;
}

/** versitygw sends etags in quotes. */
function unquote(etag: string | null | undefined): string | null {
  const bare = etag?.replaceAll('"', '') ?? '';
  return bare === '' ? null : bare;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function holds(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function poison(reason: string): Poison {
  return { kind: 'poison', reason };
}

/** Where and what, never the value: it may be a key. */
function firstIssue(error: z.ZodError, within: readonly PropertyKey[] = []): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'unknown shape';
  return `${[...within, ...issue.path].join('.')}: ${issue.message}`;
}
