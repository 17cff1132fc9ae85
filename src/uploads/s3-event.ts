/**
 * S3 upload events in the three envelopes that reach a queue: S3's own, S3's inside SNS, and
 * EventBridge's. Keys are decoded by envelope, exactly once: S3's are form-encoded, EventBridge's
 * are raw. Source: S3 user guide "Event message structure"; EventBridge "Object Created" event.
 */
import { z } from 'zod';

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
  | { kind: 'uploads'; uploads: UploadEvent[] }
  /** Understood, and nothing to score: a test event, a deletion. */
  | { kind: 'ignored'; reason: string }
  /** Not understood: it will never be. */
  | { kind: 'poison'; reason: string };

const MAX_BODY_CHARACTERS = 1024 * 1024;

const record = z.object({
  eventVersion: z.string().regex(/^2\./, 'eventVersion is not 2.*'),
  eventName: z.string(),
  eventTime: z.string().optional(),
  s3: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({
      key: z.string().min(1),
      size: z.number().nonnegative().optional(),
      eTag: z.string().optional(),
      versionId: z.string().optional(),
      sequencer: z.string().optional(),
    }),
  }),
});

const s3Notification = z.object({ Records: z.array(record).min(1).max(1000) });

const testEvent = z.object({ Service: z.string(), Event: z.literal('s3:TestEvent') });

const snsEnvelope = z.object({ Type: z.string(), TopicArn: z.string(), Message: z.string() });

const bridgeEvent = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  time: z.string().optional(),
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({
      key: z.string().min(1),
      size: z.number().nonnegative().optional(),
      etag: z.string().optional(),
      eTag: z.string().optional(),
      'version-id': z.string().optional(),
      sequencer: z.string().optional(),
    }),
  }),
});

/** Parses one SQS message body. Never throws. */
export function parseMessage(body: string): ParsedMessage {
  if (body.length > MAX_BODY_CHARACTERS) {
    return { kind: 'poison', reason: 'the body is larger than any S3 event' };
  }
  const outer = parseJson(body);
  if (outer === undefined) return { kind: 'poison', reason: 'the body is not JSON' };
  const sns = snsEnvelope.safeParse(outer);
  if (!sns.success) return parseEvent(outer);
  const inner = parseJson(sns.data.Message);
  if (inner === undefined) return { kind: 'poison', reason: 'the SNS message is not JSON' };
  return parseEvent(inner);
}

function parseEvent(event: unknown): ParsedMessage {
  if (testEvent.safeParse(event).success) return { kind: 'ignored', reason: 'test event' };
  const bridge = bridgeEvent.safeParse(event);
  if (bridge.success) return parseBridge(bridge.data);
  const notification = s3Notification.safeParse(event);
  if (notification.success) return parseRecords(notification.data.Records);
  const shape = isObject(event) && 'Records' in event ? notification : null;
  const reason = shape === null ? 'not an S3 event' : firstIssue(shape.error);
  return { kind: 'poison', reason };
}

function parseRecords(records: z.infer<typeof record>[]): ParsedMessage {
  const uploads: UploadEvent[] = [];
  for (const { eventName, eventTime, s3 } of records) {
    if (!/^(s3:)?ObjectCreated:/.test(eventName)) continue;
    const key = decodeFormKey(s3.object.key);
    if (key === null) return { kind: 'poison', reason: 'the key cannot be decoded' };
    uploads.push({
      bucket: s3.bucket.name,
      key,
      versionId: versionOf(s3.object.versionId),
      etag: unquote(s3.object.eTag),
      sequencer: s3.object.sequencer ?? null,
      sizeBytes: s3.object.size ?? null,
      ...eventTimeOf(eventTime),
    });
  }
  return uploads.length > 0
    ? { kind: 'uploads', uploads }
    : { kind: 'ignored', reason: 'no ObjectCreated record' };
}

function parseBridge(event: z.infer<typeof bridgeEvent>): ParsedMessage {
  if (event['detail-type'] !== 'Object Created') {
    return { kind: 'ignored', reason: 'not "Object Created"' };
  }
  const { bucket, object } = event.detail;
  const upload: UploadEvent = {
    bucket: bucket.name,
    key: object.key,
    versionId: versionOf(object['version-id']),
    etag: unquote(object.etag ?? object.eTag),
    sequencer: object.sequencer ?? null,
    sizeBytes: object.size ?? null,
    ...eventTimeOf(event.time),
  };
  return { kind: 'uploads', uploads: [upload] };
}

/** Form decoding: `+` is a space, `%2B` a plus. Null where an escape is broken or not UTF-8. */
function decodeFormKey(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** Buckets without versioning send nothing, an empty string, or "null". */
function versionOf(versionId: string | undefined): string | null {
  return versionId === undefined || versionId === '' || versionId === 'null' ? null : versionId;
}

function eventTimeOf(time: string | undefined): { eventAtMs?: number } {
  const eventAtMs = Date.parse(time ?? '');
  return Number.isNaN(eventAtMs) ? {} : { eventAtMs };
}

function unquote(etag: string | undefined): string | null {
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

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unknown shape' : `${issue.path.join('.')}: ${issue.message}`;
}
