import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createS3Client } from '../../../src/adapters/s3.ts';
import type { ObjectRef } from '../../../src/contract.ts';
import { ROOT_KEYS } from './start.ts';

export const REGION = 'us-east-1';

/** Clients that act as the owner of these keys. */
export function clientsOf(endpoint: string, keys = ROOT_KEYS) {
  const s3 = createS3Client({ region: REGION, endpoint, credentials: keys });
  const sqs = new SQSClient({ region: REGION, endpoint, credentials: keys });
  return { s3, sqs };
}

/** Uploads, and says which object version that made. */
export async function put(
  s3: S3Client,
  bucket: string,
  key: string,
  body = key,
): Promise<ObjectRef> {
  const answer = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  const etag = answer.ETag?.replaceAll('"', '') ?? null;
  return { bucket, key, versionId: answer.VersionId ?? null, etag };
}

export async function queueUrl(sqs: SQSClient, name: string): Promise<string> {
  return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl ?? '';
}

/** Messages that are in the queue, those included that the starter has in hand. */
export async function waiting(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
}
