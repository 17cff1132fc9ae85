/** S3 for batches: lists of recordings, uploaded items in ranges, results. */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { BatchObjects } from '../activities/batch-ports.ts';
import { ElocuteError } from '../failures.ts';
import { addressOf, isMissing, translateStorageError } from './s3.ts';

/** `bucket`: where results are written. */
export function createBatchObjects(client: S3Client, bucket: string): BatchObjects {
  return {
    async list(from, prefix, after, limit, signal) {
      const command = new ListObjectsV2Command({
        Bucket: from,
        Prefix: prefix,
        MaxKeys: limit,
        ...(after === '' ? {} : { StartAfter: after }),
      });
      const { Contents = [] } = await translated(() =>
        client.send(command, { abortSignal: signal }),
      );
      return Contents.flatMap(({ Key, ETag }) =>
        Key === undefined ? [] : [{ key: Key, etag: ETag?.replaceAll('"', '') ?? null }],
      );
    },
    async readRange(object, offset, length, signal) {
      const Range = `bytes=${offset}-${offset + length - 1}`;
      const command = new GetObjectCommand({ ...addressOf(object), Range });
      try {
        const { Body } = await client.send(command, { abortSignal: signal });
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      } catch (error) {
        if (isBeyondEnd(error)) return new Uint8Array();
        if (!isMissing(error)) throw translateStorageError(error);
        throw new ElocuteError('BATCH_ITEMS_INVALID', 'the file of items is gone', {
          cause: error,
        });
      }
    },
    async write(key, text, contentType, signal) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: text,
        ContentType: contentType,
      });
      await translated(() => client.send(command, { abortSignal: signal }));
    },
    addressOf: (key) => `s3://${bucket}/${key}`,
  };
}

async function translated<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw translateStorageError(error);
  }
}

function isBeyondEnd(error: unknown): boolean {
  return (error as { name?: string } | null)?.name === 'InvalidRange';
}
