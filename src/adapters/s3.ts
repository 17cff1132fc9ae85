/** S3: exact object versions in, catalogue failures out. */
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type GetObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ObjectStore } from '../activities/ports.ts';
import type { ObjectRef } from '../contract.ts';
import { ElocuteError } from '../failures.ts';

export interface S3Options {
  region: string;
  /** Absent: AWS. Present: an S3-compatible store, addressed by path. */
  endpoint: string | undefined;
  /** Absent: the workload identity, or the environment, as the AWS SDK finds them. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** Temporal retries whole steps; the client only papers over one dropped connection. */
const MAX_ATTEMPTS = 2;
const CONNECTION_TIMEOUT_MS = 3000;
const REQUEST_TIMEOUT_MS = 20_000;

export function createS3Client({ region, endpoint, credentials }: S3Options): S3Client {
  return new S3Client({
    region,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
    },
    // The default puts the checksum of an empty body into presigned PUTs.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

export function createObjectStore(client: S3Client): ObjectStore {
  return {
    async describe(object, signal) {
      try {
        const head = await client.send(new HeadObjectCommand(addressOf(object)), {
          abortSignal: signal,
        });
        const etag = bareEtag(head.ETag);
        refuseOther(object, etag);
        return {
          object: {
            bucket: object.bucket,
            key: object.key,
            versionId: bareVersionId(head.VersionId),
            etag,
          },
          sizeBytes: head.ContentLength ?? 0,
          modifiedAtMs: head.LastModified?.getTime() ?? null,
          metadata: head.Metadata ?? {},
        };
      } catch (error) {
        if (error instanceof ElocuteError) throw error;
        if (isMissing(error)) return null;
        throw translateStorageError(error);
      }
    },
    async read(object, maxBytes, signal) {
      try {
        const response = await client.send(new GetObjectCommand(addressOf(object)), {
          abortSignal: signal,
        });
        refuseOther(object, bareEtag(response.ETag));
        return await readBounded(response.Body, maxBytes);
      } catch (error) {
        if (error instanceof ElocuteError) throw error;
        if (isMissing(error)) {
          throw new ElocuteError('UPLOAD_GONE', 'the object was deleted before it was read', {
            cause: error,
          });
        }
        throw translateStorageError(error);
      }
    },
  };
}

/** A PUT that needs no credentials for `expiresInS`; it must send `content-type: audio/wav`. */
export function presignUpload(
  client: S3Client,
  object: { bucket: string; key: string },
  expiresInS: number,
): Promise<string> {
  const command = new PutObjectCommand({
    Bucket: object.bucket,
    Key: object.key,
    ContentType: 'audio/wav',
  });
  // Without being named, the content type would be left out of what is signed.
  const signableHeaders = new Set(['content-type']);
  return getSignedUrl(client, command, { expiresIn: expiresInS, signableHeaders });
}

/** The version by its id, else the content by its etag: never just "whatever lies there now". */
export function addressOf({ bucket, key, versionId, etag }: ObjectRef) {
  return {
    Bucket: bucket,
    Key: key,
    ...(versionId === null ? {} : { VersionId: versionId }),
    ...(versionId !== null || etag === null ? {} : { IfMatch: `"${etag}"` }),
  };
}

/** Null where the bucket kept no versions when it was written, which S3 calls "null". */
export function bareVersionId(versionId: string | undefined): string | null {
  return versionId === 'null' ? null : versionId || null;
}

/** Without quotes; null also where a store sends an empty one: two uploads would be one. */
export function bareEtag(etag: string | undefined): string | null {
  return etag?.replaceAll('"', '') || null;
}

/** Some stores ignore the condition: then the answer tells that another content lies there now. */
function refuseOther({ versionId, etag }: ObjectRef, answered: string | null): void {
  if (versionId !== null || etag === null || answered === null || answered === etag) return;
  throw new ElocuteError('UPLOAD_REPLACED', 'a newer object lies under this key');
}

/** Counted while streaming: a declared length is only a claim. */
async function readBounded(
  body: GetObjectCommandOutput['Body'],
  maxBytes: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    total += chunk.byteLength;
    if (total > maxBytes) {
      throw new ElocuteError('AUDIO_TOO_LARGE', `the object is larger than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, total));
}

interface ServiceError {
  name?: string;
  $metadata?: { httpStatusCode?: number };
}

export function statusOf(error: unknown): number | undefined {
  return (error as ServiceError | null)?.$metadata?.httpStatusCode;
}

/** 404; or 405, which a delete marker answers when its version is asked for. */
export function isMissing(error: unknown): boolean {
  const status = statusOf(error);
  return (status === 404 && !isMissingBucket(error)) || status === 405;
}

function isMissingBucket(error: unknown): boolean {
  return (error as ServiceError | null)?.name === 'NoSuchBucket';
}

/** What passes when it is asked again, though S3 calls it the asker's fault. */
const PASSING_STATUS: readonly number[] = [408, 409, 429];
const PASSING_NAMES: readonly string[] = ['RequestTimeout', 'ExpiredToken', 'SlowDown'];

/** Access denied, or a request that S3 will never take: 400 for an object with the customer's own key. */
function isRefusal(status: number | undefined, name: string): boolean {
  if (status === undefined || status < 400 || status >= 500) return false;
  return !PASSING_STATUS.includes(status) && !PASSING_NAMES.includes(name);
}

export function translateStorageError(error: unknown): ElocuteError {
  const status = statusOf(error);
  const name = error instanceof Error ? error.name : 'Error';
  const options = { cause: error };
  if (status === 412) {
    return new ElocuteError('UPLOAD_REPLACED', 'a newer object lies under this key', options);
  }
  if (isMissingBucket(error) || isRefusal(status, name)) {
    return new ElocuteError('STORAGE_DENIED', `S3 refused access: ${name}`, options);
  }
  const why = error instanceof Error ? error.message : String(error);
  return new ElocuteError('STORAGE_UNAVAILABLE', `S3 failed: ${name} ${why}`, options);
}
