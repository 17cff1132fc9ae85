import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { startUploadQueue, type UploadQueue } from '../../src/local/sqs-server.ts';
import { BUCKET, credentials, LocalS3 } from '../support/local-s3.ts';

describe('the local upload queue', () => {
  let queue: UploadQueue;
  let client: SQSClient;

  beforeEach(async () => {
    queue = await startUploadQueue(credentials);
    client = new SQSClient({ endpoint: queue.endpoint, region: 'us-east-1', credentials });
  });

  afterEach(async () => {
    client.destroy();
    await queue.stop();
  });

  const receive = async (QueueUrl: string) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }))).Messages ?? [];

  it('receives what the local S3 server announces', async () => {
    const s3 = new LocalS3();
    const notifications = [{ bucket: BUCKET, queueUrl: queue.queueUrl }];
    await s3.start({ notifications, deliver: queue.send });
    try {
      const put = new PutObjectCommand({ Bucket: BUCKET, Key: 'a b.wav', Body: 'x' });
      const { VersionId } = await s3.client().send(put);
      const bodies = [...(await receive(queue.queueUrl)), ...(await receive(queue.queueUrl))].map(
        ({ Body = '' }) => JSON.parse(Body) as { Event?: string; Records?: unknown[] },
      );
      assert.equal(bodies[0]?.Event, 's3:TestEvent');
      const text = JSON.stringify(bodies[1]);
      assert.ok(text.includes('"key":"a+b.wav"') && text.includes(VersionId ?? 'no version'));
    } finally {
      await s3.remove();
    }
  });

  it('is found by its name and moves a message to the dead letters after five receives', async () => {
    const found = await client.send(new GetQueueUrlCommand({ QueueName: 'elocute-uploads' }));
    assert.equal(found.QueueUrl, queue.queueUrl);
    await queue.send({ poison: true }, queue.queueUrl, new AbortController().signal);
    for (let count = 0; count < 5; count++) {
      const [message] = await receive(queue.queueUrl);
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queue.queueUrl,
          ReceiptHandle: message?.ReceiptHandle,
          VisibilityTimeout: 0,
        }),
      );
    }
    const emptied = await client.send(
      new ReceiveMessageCommand({ QueueUrl: queue.queueUrl, WaitTimeSeconds: 0 }),
    );
    assert.deepEqual(emptied.Messages ?? [], []);
    const [dead] = await receive(queue.deadLetterUrl);
    assert.equal(dead?.Body, '{"poison":true}');
  });

  it('does not hide a message that it gave to somebody who had gone', async () => {
    const { queueUrl: QueueUrl } = queue;
    const hangUp = new AbortController();
    const waiting = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: hangUp.signal,
    });
    const look = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
    // What was sent before these is known to the server once they are answered.
    for (let looks = 0; looks < 5; looks++) await client.send(look);
    hangUp.abort();
    await assert.rejects(waiting);
    for (let looks = 0; looks < 5; looks++) await client.send(look);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'for somebody else' }));
    // The first may be woken by the message that the one who had gone was given.
    const found = [...(await receive(QueueUrl)), ...(await receive(QueueUrl))];
    assert.deepEqual(
      found.map(({ Body }) => Body),
      ['for somebody else'],
    );
  });

  it('hides a received message for a minute', async () => {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queue.queueUrl, AttributeNames: ['All'] }),
    );
    assert.equal(Attributes?.['VisibilityTimeout'], '60');
  });

  it('offers nothing but SQS, and on loopback only', async () => {
    for (const path of ['/', '/_fauxqs/queues', '/some-bucket/some-key']) {
      assert.equal((await fetch(`${queue.endpoint}${path}`)).status, 404);
    }
    const upload = await fetch(`${queue.endpoint}/some-bucket`, { method: 'PUT' });
    assert.equal(upload.status, 404);
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    const answers = await Promise.all(outside.map(({ address }) => accepts(address, queue.port)));
    assert.ok(!answers.includes(true));
  });

  it('stops at once while somebody waits for a message, and twice without harm', async () => {
    const waiting = receive(queue.queueUrl).catch(() => 'cut off');
    await queue.stop();
    await queue.stop();
    await waiting;
    assert.equal(await accepts('127.0.0.1', queue.port), false);
  });
});

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });
}
