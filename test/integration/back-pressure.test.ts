import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Client } from '@temporalio/client';
import { openUploadQueue } from '../../src/adapters/sqs.ts';
import { isStartOutage } from '../../src/adapters/start-outage.ts';
import { startScoring } from '../../src/adapters/temporal.ts';
import { searchAttributes, taskQueuesOf } from '../../src/contract.ts';
import { freePort } from '../../src/local/free-port.ts';
import { startUploadQueue, type UploadQueue } from '../../src/local/sqs-server.ts';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal-server.ts';
import { createLog } from '../../src/log.ts';
import { createPoller } from '../../src/uploads/poll-uploads.ts';
import { connectPlainly, freshName, temporalBinary, temporaryFolder } from '../support/services.ts';

const CREDENTIALS = { accessKeyId: 'LOCALTEST', secretAccessKey: 'secret-of-the-tests' };
const QUEUE = 'elocute-uploads';

describe('the starter, where Temporal is stopped and started again', function () {
  this.timeout(120_000);
  let queue: UploadQueue;
  let sqs: SQSClient;
  let client: Client;
  let temporal: TemporalServer;
  let startTemporal: () => Promise<TemporalServer>;
  let taskQueue: string;

  before(async () => {
    process.env['AWS_ACCESS_KEY_ID'] = CREDENTIALS.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = CREDENTIALS.secretAccessKey;
    const folder = temporaryFolder('back-pressure');
    const port = await freePort();
    const binary = await temporalBinary();
    startTemporal = () =>
      startTemporalServer({
        binary,
        port,
        searchAttributes,
        dataFile: join(folder, 'temporal.db'),
        logFile: join(folder, 'temporal.log'),
      });
    temporal = await startTemporal();
    client = await connectPlainly(temporal.address);
  });
  after(async () => {
    await client.connection.close();
    await temporal.stop();
  });

  beforeEach(async () => {
    taskQueue = freshName('back-pressure');
    queue = await startUploadQueue(CREDENTIALS);
    sqs = new SQSClient({
      region: 'us-east-1',
      endpoint: queue.endpoint,
      credentials: CREDENTIALS,
    });
  });
  afterEach(async () => {
    sqs.destroy();
    await queue.stop();
  });

  async function announce(count: number): Promise<void> {
    for (let at = 0; at < count; at += 10) {
      await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queue.queueUrl,
          Entries: Array.from({ length: Math.min(10, count - at) }, (_, index) => ({
            Id: String(index),
            MessageBody: eventOf(`${taskQueue}-${at + index}`),
          })),
        }),
      );
    }
  }

  /** Messages that anybody could receive, messages in somebody's hands, dead letters. */
  async function depths() {
    const of = async (QueueUrl: string) => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      );
      return {
        visible: Number(Attributes?.['ApproximateNumberOfMessages']),
        inHand: Number(Attributes?.['ApproximateNumberOfMessagesNotVisible']),
      };
    };
    const { visible, inHand } = await of(queue.queueUrl);
    return { visible, inHand, dead: (await of(queue.deadLetterUrl)).visible };
  }

  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
  }

  async function workflows(): Promise<number> {
    const { count } = await client.workflow.count(
      `TaskQueue = '${taskQueuesOf(taskQueue).scoring}'`,
    );
    return count;
  }

  it('keeps every upload out of the dead letters through more tries than a message has lives, and then starts each once', async () => {
    await temporal.stop();
    await announce(60);
    const uploads = await openUploadQueue({
      region: 'us-east-1',
      endpoint: queue.endpoint,
      queueName: QUEUE,
    });
    const stop = new AbortController();
    const poller = createPoller({
      queue: uploads,
      filter: { bucket: 'b', prefix: '', suffixes: [], root: 'b', contentTypes: ['novel'] },
      start: (input) => startScoring(client, taskQueue, input, { deadlineMs: 300 }),
      describe: () => Promise.reject(new Error('S3 is not to be asked')),
      deadLetters: { send: () => Promise.resolve(), close: () => undefined },
      isOutage: isStartOutage,
      log: createLog('starter', 'silent'),
      concurrency: 20,
      shutdownMs: 5000,
      backOff: { leastMs: 20, mostMs: 100, holdMs: 60_000 },
    });
    const running = poller.run(stop.signal);
    try {
      // Twenty refusals when it went down, then one a try.
      await until(() => poller.counts.refused > 20 + 5);
      const atFirst = await depths();
      assert.deepEqual(atFirst, { visible: 40, inHand: 20, dead: 0 });
      const { refused } = poller.counts;
      await until(() => poller.counts.refused >= refused + 5);
      assert.deepEqual(await depths(), atFirst, 'nothing was received since');
      temporal = await startTemporal();
      await until(() => poller.counts.started + poller.counts.duplicate === 60);
      await until(async () => (await workflows()) === 60 && (await depths()).inHand === 0);
      assert.deepEqual(await depths(), { visible: 0, inHand: 0, dead: 0 });
      assert.equal(poller.counts.errors, 0);
    } finally {
      stop.abort();
      await running;
      uploads.close();
    }
  });

  it('told to stop while starts hang, ends in time and in peace; another starter finds every message at once', async () => {
    const shutdownMs = 3000;
    const environment = {
      ...CREDENTIALS_ENVIRONMENT,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_TASK_QUEUE: taskQueue,
      SQS_ENDPOINT: queue.endpoint,
      USER_BUCKET: 'b',
      USER_KEY_ROOT: 'b',
      DATABASE_URL: 'postgresql://nobody@127.0.0.1/nothing',
      STARTER_SHUTDOWN_MS: String(shutdownMs),
      LOG_LEVEL: 'error',
    };
    const hanging = await startStarterProcess(environment);
    process.kill(temporal.pid, 'SIGSTOP');
    let second: StarterProcess | undefined;
    try {
      await announce(30);
      await until(async () => (await depths()).inHand === 30);
      const toldAt = performance.now();
      hanging.child.kill('SIGTERM');
      assert.deepEqual(await hanging.ended, [0, null]);
      const tookMs = performance.now() - toldAt;
      assert.ok(tookMs < shutdownMs + 1000, `it took ${Math.round(tookMs)} ms`);
      assert.deepEqual(await depths(), { visible: 30, inHand: 0, dead: 0 });
      process.kill(temporal.pid, 'SIGCONT');
      second = await startStarterProcess(environment);
      await until(async () => (await workflows()) === 30);
      await until(async () => (await depths()).inHand === 0);
      assert.deepEqual(await depths(), { visible: 0, inHand: 0, dead: 0 });
      second.child.kill('SIGTERM');
      assert.deepEqual(await second.ended, [0, null]);
    } finally {
      process.kill(temporal.pid, 'SIGCONT');
      hanging.child.kill('SIGKILL');
      second?.child.kill('SIGKILL');
    }
  });
});

const CREDENTIALS_ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  PATH: process.env['PATH'] ?? '',
};

interface StarterProcess {
  child: ReturnType<typeof fork>;
  ended: Promise<unknown[]>;
}

async function startStarterProcess(env: Record<string, string>): Promise<StarterProcess> {
  const child = fork(fileURLToPath(new URL('../../src/starter.ts', import.meta.url)), [], {
    env,
    execArgv: ['--import', 'tsx'],
  });
  const ended = once(child, 'exit');
  const [first] = (await Promise.race([once(child, 'message'), ended])) as unknown[];
  assert.equal(first, 'ready');
  return { child, ended };
}

function eventOf(versionId: string): string {
  const object = { key: 'b/1/novel/level_1/T/audio_line_1.wav', versionId, eTag: 'e', size: 1 };
  return JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: 'b' }, object },
      },
    ],
  });
}
