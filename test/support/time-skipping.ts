/** A Temporal server whose clock jumps where a test lets it. */
import { join } from 'node:path';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { InternalConnectionOptionsSymbol } from '@temporalio/client/lib/connection.js';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Activities } from '../../src/activities/index.ts';
import { searchAttributes, taskQueuesOf } from '../../src/contract.ts';
import { freePort } from '../../src/local/free-port.ts';
import { startServerProcess } from '../../src/local/server-process.ts';
import { bundle, freshName, temporaryFolder } from './services.ts';
import { timeSkippingBinary } from './time-skipping-binary.ts';

/** `IndexedValueType` of the protocol. */
const NUMBER_OF = { Keyword: 2, Int: 3, Double: 4 } as const;
const KINDS = Object.fromEntries(
  Object.entries(searchAttributes).map(([name, kind]) => [name, NUMBER_OF[kind]]),
);

export interface SkippingWorld {
  client: Client;
  taskQueue: string;
  /** The server's clock. */
  nowMs: () => Promise<number>;
  /** Lets this much time pass there. */
  skip: (ms: number) => Promise<void>;
}

/** A server of its own, since its clock is one for all, and a worker on it. */
export async function inSkippedTime<T>(
  activities: Activities,
  test: (world: SkippingWorld) => Promise<T>,
): Promise<T> {
  // Before the first connection of a worker: it sets the runtime up.
  await bundle();
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const server = await startServerProcess({
    name: 'the time-skipping Temporal server',
    command: timeSkippingBinary(),
    args: [String(port), '--enable-time-skipping'],
    logFile: join(temporaryFolder('skipping'), 'server.log'),
    isReady: () => isReady(address),
    readyWithinMs: 30_000,
  });
  try {
    const connection = await Connection.connect(withTestService(address));
    await connection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: KINDS,
    });
    const native = await NativeConnection.connect({ address });
    try {
      return await onWorkers(connection, native, activities, test);
    } finally {
      await connection.close();
      await native.close();
    }
  } finally {
    await server.stop();
  }
}

/** Internal to the SDK, which uses it for its own testing package. */
function withTestService(address: string): ConnectionOptions {
  const options = { address, [InternalConnectionOptionsSymbol]: { supportsTestService: true } };
  return options;
}

async function isReady(address: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  await connection.close();
  return true;
}

async function onWorkers<T>(
  connection: Connection,
  native: NativeConnection,
  activities: Activities,
  test: (world: SkippingWorld) => Promise<T>,
): Promise<T> {
  const taskQueue = freshName('skipping');
  const common = { connection: native, activities };
  const queues = taskQueuesOf(taskQueue);
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: queues.scoring, workflowBundle: await bundle() }),
    Worker.create({ ...common, taskQueue: queues.speech }),
    Worker.create({ ...common, taskQueue: queues.audio }),
  ]);
  const { testService } = connection;
  if (testService === undefined) throw new Error('the connection has no test service');
  // Else it would jump to the end of a wait as soon as a test is slow to do something.
  await testService.lockTimeSkipping({});
  const runs = workers.map((worker) => worker.run());
  try {
    return await test({
      client: new Client({ connection, namespace: 'default' }),
      taskQueue,
      async nowMs() {
        const { time } = await testService.getCurrentTime({});
        return Number(time?.seconds ?? 0) * 1000;
      },
      async skip(ms) {
        await testService.unlockTimeSkippingWithSleep({
          duration: { seconds: Math.round(ms / 1000) as never, nanos: 0 },
        });
      },
    });
  } finally {
    for (const worker of workers) worker.shutdown();
    await Promise.all(runs);
  }
}
