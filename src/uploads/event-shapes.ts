/**
 * The shapes of upload events, as far as they are read. Lengths are bounded, because what is read here
 * goes into workflow inputs: S3 allows keys of 1,024 bytes (three times that when encoded) and version
 * ids of 1,024; no store sends etags or sequencers near 256.
 */
import { z } from 'zod';

const bucketName = z.string().min(1).max(255);
const key = z.string().min(1).max(3072);
const short = z.string().max(256).nullish();
const version = z.string().max(1024).nullish();
// Multipart uploads come with 0 from versitygw, and nothing is decided by it.
const size = z.number().nonnegative().nullish();

/** One record of S3's own message; MinIO, versitygw and moto send the same with their own twists. */
export const eventRecord = z.object({
  eventVersion: z.string().regex(/^2\./, 'eventVersion is not 2.*'),
  eventName: z.string(),
  // When it happened, for the latency that is shown; nothing is decided by it.
  eventTime: short.catch(null),
  s3: z.object({
    bucket: z.object({ name: bucketName, arn: z.string().nullish() }),
    object: z.object({ key, size, eTag: short, versionId: version, sequencer: short }),
  }),
});

export type EventRecord = z.output<typeof eventRecord>;

/** Its records are read one by one: one that cannot be read must not take the others along. */
export const s3Notification = z.object({ Records: z.array(z.unknown()).min(1).max(1000) });

/** What S3 sends once when a target is set, and versitygw whenever it starts. */
export const testEvent = z.object({ Service: z.string(), Event: z.literal('s3:TestEvent') });

export const snsEnvelope = z.object({
  Type: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
});

export const bridgeEvent = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  time: short.catch(null),
  detail: z.object({
    bucket: z.object({ name: bucketName }),
    object: z.object({
      key,
      size,
      etag: short,
      // moto's spelling.
      eTag: short,
      'version-id': version,
      sequencer: short,
    }),
  }),
});

export type BridgeEvent = z.output<typeof bridgeEvent>;
