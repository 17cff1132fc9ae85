import assert from 'node:assert/strict';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutBucketNotificationConfigurationCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { ObjectRef } from '../../src/contract.ts';
import { clientsOf, put, REGION, waiting } from '../support/aws-servers/clients.ts';
import { ROOT_KEYS, startMoto } from '../support/aws-servers/start.ts';
import { NASTY_KEYS } from '../support/nasty-keys.ts';
import { freshName } from '../support/services.ts';
import { startAlone } from '../support/stand-alone-starter.ts';

describe('uploads from moto, a source that must not be trusted', function () {
  this.timeout(120_000);

  it('are scored once each, however often and in whatever envelope they are announced', async () => {
    const endpoint = await startMoto();
    const { s3, sqs } = clientsOf(endpoint);
    const name = freshName('moto');
    const bucket = `bucket-${name}`;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    const QueueArn = Attributes?.['QueueArn'] ?? '';
    await events('PutRule', {
      Name: name,
      EventPattern: JSON.stringify({ source: ['aws.s3'], 'detail-type': ['Object Created'] }),
    });
    await events('PutTargets', { Rule: name, Targets: [{ Id: 'queue', Arn: QueueArn }] });
    // Twice to the queue, and once more through EventBridge: three announcements of each.
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration: {
          QueueConfigurations: ['one', 'two'].map((Id) => ({
            Id,
            QueueArn,
            Events: ['s3:ObjectCreated:*'],
          })),
          EventBridgeConfiguration: {},
        },
      }),
    );
    const starter = await startAlone(
      { S3_ENDPOINT: endpoint, SQS_ENDPOINT: endpoint, USER_BUCKET: bucket, UPLOAD_QUEUE: name },
      ROOT_KEYS,
    );
    try {
      const objects: ObjectRef[] = [];
      for (const key of NASTY_KEYS) objects.push(await put(s3, bucket, key));
      objects.push(await putInParts(s3, bucket, (NASTY_KEYS[0] ?? '').replace('_1.', '_99.')));
      for (const object of objects) {
        const { upload } = await starter.startedFor(object);
        assert.deepEqual([upload.key, upload.versionId], [object.key, null]);
      }
      const { counts } = starter;
      while ((await waiting(sqs, QueueUrl)) > 0);
      assert.equal(counts.started, objects.length);
      // At least: a multipart upload is announced more often.
      assert.ok(counts.duplicate >= objects.length * 2, String(counts.duplicate));
      // The test event.
      assert.deepEqual([counts.ignored, counts.errors], [{ NOTHING_TO_SCORE: 1 }, 0]);
    } finally {
      await starter.close();
      s3.destroy();
      sqs.destroy();
    }

    async function events(action: string, input: object): Promise<void> {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `AWSEvents.${action}`,
          // moto reads the service from it, and checks no signature.
          authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${REGION}/events/aws4_request, SignedHeaders=host, Signature=none`,
        },
        body: JSON.stringify(input),
      });
      assert.equal(response.status, 200, await response.text());
    }
  });
});

async function putInParts(s3: S3Client, Bucket: string, Key: string): Promise<ObjectRef> {
  const upload = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const UploadId = upload.UploadId ?? '';
  const part = { Bucket, Key, UploadId, PartNumber: 1, Body: 'the only part' };
  const { ETag } = await s3.send(new UploadPartCommand(part));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  const done = await s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }),
  );
  const etag = done.ETag?.replaceAll('"', '') ?? null;
  return { bucket: Bucket, key: Key, versionId: null, etag };
}
