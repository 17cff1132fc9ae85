import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { fairnessKeyOf, startScoring, type ScoringOrigin } from '../../src/adapters/temporal.ts';
import { searchAttributes, taskQueuesOf, workflowIdFor } from '../../src/contract.ts';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal-server.ts';
import { scriptedActivities, scriptedInput } from '../support/scripted-worker.ts';
import {
  bundle,
  connectPlainly,
  freshName,
  temporalBinary,
  temporaryFolder,
} from '../support/services.ts';

interface Upload {
  userId: string;
  origin: ScoringOrigin;
}

interface Taken extends Upload {
  priorityKey: number | undefined;
  fairnessKey: string | undefined;
}

/** Scores all with one speech call at a time, once all wait; says in which order they were taken. */
async function orderOf(
  uploads: readonly Upload[],
  client: Client,
  connection: NativeConnection,
): Promise<Taken[]> {
  const workflowBundle = await bundle();
  const taskQueue = freshName('priority');
  const queues = taskQueuesOf(taskQueue);
  const whose = new Map<string, Upload>();
  const taken: Taken[] = [];
  let tracked = 0;
  const base = scriptedActivities();
  const activities = scriptedActivities({
    trackPitch: (input) => {
      tracked += 1;
      return base.trackPitch(input);
    },
    transcribeSpeech: (input) => {
      const { workflowExecution, priority } = Context.current().info;
      const upload = whose.get(workflowExecution?.workflowId ?? '');
      assert.ok(upload);
      const { priorityKey, fairnessKey } = priority ?? {};
      taken.push({ ...upload, priorityKey, fairnessKey });
      return base.transcribeSpeech(input);
    },
  });
  const [scoring, audio, speech] = await Promise.all([
    Worker.create({ connection, taskQueue: queues.scoring, workflowBundle, activities }),
    Worker.create({ connection, taskQueue: queues.audio, activities }),
    Worker.create({
      connection,
      taskQueue: queues.speech,
      activities,
      maxConcurrentActivityTaskExecutions: 1,
    }),
  ]);
  const runs = [scoring.run(), audio.run()];
  try {
    for (const upload of uploads) {
      const input = { ...scriptedInput(randomBytes(32).toString('hex')), userId: upload.userId };
      whose.set(workflowIdFor(input.scoringId), upload);
      await startScoring(client, taskQueue, input, { origin: upload.origin });
    }
    // A workflow asks for its transcript together with both pitches.
    while (tracked < 2 * uploads.length) await new Promise((resolve) => setImmediate(resolve));
    runs.push(speech.run());
    await Promise.all([...whose.keys()].map((id) => client.workflow.getHandle(id).result()));
    return taken;
  } finally {
    if (speech.getState() !== 'RUNNING') runs.push(speech.run());
    for (const worker of [scoring, audio, speech]) worker.shutdown();
    await Promise.all(runs);
  }
}

const many = (count: number, upload: Upload) => Array.from({ length: count }, () => upload);

describe('what waits in a task queue', function () {
  this.timeout(240_000);
  let server: TemporalServer;
  let client: Client;
  let connection: NativeConnection;

  before(async () => {
    await bundle();
    server = await startTemporalServer({
      binary: await temporalBinary(),
      searchAttributes,
      logFile: join(temporaryFolder('priority'), 'temporal.log'),
      // Each of a queue's partitions, four by default, has an order of its own.
      dynamicConfig: {
        'matching.numTaskqueueReadPartitions': '1',
        'matching.numTaskqueueWritePartitions': '1',
      },
    });
    const { address } = server;
    client = await connectPlainly(address);
    connection = await NativeConnection.connect({ address });
  });
  after(async () => {
    await connection.close();
    await client.connection.close();
    await server.stop();
  });

  it('is taken learners first, whatever batch work came before', async () => {
    const order = await orderOf(
      [
        ...many(20, { userId: '1', origin: 'batch' }),
        ...many(2, { userId: '2', origin: 'upload' }),
      ],
      client,
      connection,
    );
    const places = order.flatMap(({ origin }, place) => (origin === 'upload' ? [place] : []));
    // One or two are given out before the order is looked at.
    assert.ok(
      places.every((place) => place < 4),
      `places ${places.join(', ')} of 22`,
    );
    for (const { origin, priorityKey } of order) {
      assert.equal(priorityKey, origin === 'upload' ? 2 : 4, 'activities inherit it');
    }
  });

  it('is taken in turns where one learner has many uploads and others have one', async () => {
    const others = ['7', '8', '9'];
    const order = await orderOf(
      [
        ...many(50, { userId: '482', origin: 'upload' }),
        ...others.map((userId): Upload => ({ userId, origin: 'upload' })),
      ],
      client,
      connection,
    );
    const places = others.map((userId) => order.findIndex((taken) => taken.userId === userId));
    assert.ok(
      places.every((place) => place < 6),
      `places ${places.join(', ')} of 53`,
    );
    for (const { userId, fairnessKey } of order) {
      assert.equal(fairnessKey, fairnessKeyOf(userId), 'activities inherit it');
      assert.match(fairnessKey, /^[0-9a-f]{12}$/, 'not the user id itself');
    }
  });
});
