import { randomBytes } from 'node:crypto';
import { uriEncode } from './s3-request.ts';
import type { ObjectVersion } from './s3-journal.ts';

/** What a new version of an object came from, as S3 names it. */
export type CreationEvent = 'ObjectCreated:Put' | 'ObjectCreated:CompleteMultipartUpload';

/** A message as S3 sends it to a queue: plain JSON. */
export type S3EventMessage = Record<string, unknown>;

export interface EventSource {
  notificationId: string;
  region: string;
  accessKeyId: string;
}

/**
 * The message for one new version.
 * Source: docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function creationEvent(version: ObjectVersion, source: EventSource): S3EventMessage {
  const identity = { principalId: source.accessKeyId };
  // A part count after the digest is what S3 gives to multipart uploads, and to nothing else.
  const eventName: CreationEvent = version.etag.includes('-')
    ? 'ObjectCreated:CompleteMultipartUpload'
    : 'ObjectCreated:Put';
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: source.region,
    eventTime: version.modifiedAt,
    eventName,
    userIdentity: identity,
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': requestId(), 'x-amz-id-2': requestId() },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: source.notificationId,
      bucket: {
        name: version.bucket,
        ownerIdentity: identity,
        arn: `arn:aws:s3:::${version.bucket}`,
      },
      object: {
        key: formEncode(version.key),
        size: version.sizeBytes,
        eTag: version.etag,
        // S3 names none where it keeps none.
        ...(version.unversioned === true ? {} : { versionId: version.versionId }),
        sequencer: version.sequencer,
      },
    },
  };
  return { Records: [record] };
}

/** What S3 sends once when a queue becomes a target, to show that it may. */
export function testEvent(bucket: string): S3EventMessage {
  return {
    Service: 'Amazon S3',
    Event: 's3:TestEvent',
    Time: new Date().toISOString(),
    Bucket: bucket,
    RequestId: requestId(),
    HostId: requestId(),
  };
}

/** Keys in events are encoded as in a form: a space is `+`, a plus `%2B`; slashes stay. */
export function formEncode(key: string): string {
  return uriEncode(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}

export function requestId(): string {
  return randomBytes(8).toString('hex').toUpperCase();
}
