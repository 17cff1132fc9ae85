import assert from 'node:assert/strict';
import {
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs';
import { countEvents, type EventLine } from '../../bench/chaos/event-log.ts';
import { createEventRelay } from '../../bench/chaos/event-relay.ts';
import { watchQueue } from '../../bench/chaos/queue-watch.ts';
import { uploadIdOf } from '../../bench/chaos/upload-id.ts';
import { startUploadQueue, type UploadQueue } from '../../src/local/sqs-server.ts';
import { credentials } from '../support/local-s3.ts';

const BUCKET = 'recordings';

function idOf(key: string): string {
  return uploadIdOf({ bucket: BUCKET, key, versionId: 'v1', etag: 'e1' });
}

describe('what the queue of a fault run remembers', () => {
  let lines: EventLine[];
  let queue: UploadQueue;
  let client: SQSClient;

  beforeEach(async () => {
    lines = [{ event: 'began' }];
    const onAnswer = watchQueue((line) => void lines.push(line));
    queue = await startUploadQueue({ ...credentials, onAnswer });
    client = new SQSClient({ endpoint: queue.endpoint, region: 'us-east-1', credentials });
  });

  afterEach(async () => {
    client.destroy();
    await queue.stop();
  });

  const announce = async (key: string) => {
    const relay = createEventRelay({
      seed: 1,
      weather: { rough: false, lostShare: 0 },
      note: (line) => void lines.push(line),
      send: queue.send,
    });
    const object = { key: key.replaceAll(' ', '+'), eTag: 'e1', versionId: 'v1', sequencer: '1' };
    const event = { Records: [{ s3: { bucket: { name: BUCKET }, object } }] };
    await relay.deliver(event, queue.queueUrl, new AbortController().signal);
  };
  const receive = async (count: number): Promise<Message[]> => {
    const all: Message[] = [];
    while (all.length < count) {
      const command = new ReceiveMessageCommand({ QueueUrl: queue.queueUrl, WaitTimeSeconds: 5 });
      all.push(...((await client.send(command)).Messages ?? []));
    }
    return all;
  };
  const outcomeOf = (key: string) => countEvents(lines).outcomes.get(idOf(key));

  it('is that an event was taken once a starter has deleted it, not when it has received it', async () => {
    await announce('a b.wav');
    const [message] = await receive(1);
    assert.equal(outcomeOf('a b.wav'), 'held');
    const { ReceiptHandle } = message ?? {};
    await client.send(new DeleteMessageCommand({ QueueUrl: queue.queueUrl, ReceiptHandle }));
    assert.equal(outcomeOf('a b.wav'), 'taken');
  });

  it('is each event of a batch that was deleted', async () => {
    await announce('one.wav');
    await announce('two.wav');
    const messages = await receive(2);
    const Entries = messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: queue.queueUrl, Entries }));
    assert.deepEqual([outcomeOf('one.wav'), outcomeOf('two.wav')], ['taken', 'taken']);
  });

  it('is what somebody put among the dead letters', async () => {
    const send = (QueueUrl: string) =>
      client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'no event' }));
    await send(queue.queueUrl);
    assert.equal(countEvents(lines).deadLetters, 0);
    await receive(1);
    await send(queue.deadLetterUrl);
    assert.equal(countEvents(lines).deadLetters, 1);
  });
});
