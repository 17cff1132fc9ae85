import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import proto from '@temporalio/proto';
import { openDatabase } from '../../src/adapters/postgres.ts';
import { loadConfig } from '../../src/config.ts';
import { taskQueuesOf } from '../../src/contract.ts';
import { givenConfiguration, machineEnvironment } from '../../src/commands/stack-environment.ts';
import { freePort } from '../../src/local/free-port.ts';
import { readStackFile } from '../../src/local/stack-file.ts';
import { startStack, type StackOptions } from '../../src/local/stack.ts';
import { scrape, valueOf } from '../support/metrics-page.ts';
import {
  CACHE_FOLDER,
  freshDatabase,
  freshName,
  temporalClient,
  temporalServer,
  temporaryFolder,
} from '../support/services.ts';

function optionsFor(dataDir: string, environment: Record<string, string>): StackOptions {
  return {
    dataDir,
    cacheDir: CACHE_FOLDER,
    environment,
    machine: machineEnvironment(process.env),
    ephemeral: true,
    report: () => undefined,
  };
}

async function firstOfTwoFreePorts(): Promise<number> {
  for (;;) {
    const port = await freePort();
    const free = await new Promise<boolean>((resolve) => {
      const next = createServer();
      next.once('error', () => resolve(false));
      next.listen(port + 1, '127.0.0.1', () => next.close(() => resolve(true)));
    });
    if (free) return port;
  }
}

describe('the local stack', function () {
  this.timeout(120_000);

  it('leaves the application table of a given database to Django', async () => {
    const { url, database } = await freshDatabase();
    await database.query('drop table app_userpronunciation');
    const { address } = await temporalServer();
    const given = { DATABASE_URL: url, TEMPORAL_ADDRESS: address };
    const start = startStack(optionsFor(temporaryFolder('stack'), given));
    await assert.rejects(start, /app_userpronunciation/);
    const tables = await database.query(
      `select 1 from information_schema.tables where table_name = 'app_userpronunciation'`,
    );
    assert.deepEqual(tables, []);
  });

  it('uses what is given, hands all variables on, and writes no given secret down', async () => {
    const { url, database } = await freshDatabase();
    const { address } = await temporalServer();
    const taskQueue = freshName('given');
    const data = temporaryFolder('stack');
    const metricsPort = await firstOfTwoFreePorts();
    const given = {
      DATABASE_URL: url,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_TASK_QUEUE: taskQueue,
      METRICS_PORT: String(metricsPort),
      STANDARD_BUCKET: 'other-standards',
      AWS_PROFILE: 'of-the-real-aws',
      NOTIFY_URL: 'https://app.example.com/hooks/elocute',
      NOTIFY_SECRET: 'a-third-random-text-of-32-characters',
      WEBHOOK_PORT: String(await freePort()),
      WEBHOOK_TOKEN: 'a-long-random-text-of-32-characters',
    };
    const stack = await startStack(optionsFor(data, given));
    try {
      const { connection } = await temporalClient();
      // The worker says that it is ready when it is about to poll: the server hears of it a moment later.
      const deadline = performance.now() + 20_000;
      const request = {
        namespace: 'default',
        taskQueue: { name: taskQueuesOf(taskQueue).scoring },
        taskQueueType: proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
      };
      let polls = 0;
      while (polls === 0 && performance.now() < deadline) {
        polls = (await connection.workflowService.describeTaskQueue(request)).pollers.length;
      }
      assert.ok(polls > 0, 'the worker listens to the given task queue');
      assert.equal(stack.environment['AWS_PROFILE'], undefined);
      assert.equal(stack.environment['DATABASE_URL'], url);
      assert.ok(stack.ownsObjects);
      // Two processes of one machine: the starter's metrics are on the next port.
      const [worker, starter] = await Promise.all(
        [metricsPort, metricsPort + 1].map((port) => scrape(`http://127.0.0.1:${port}/metrics`)),
      );
      assert.equal(valueOf(worker ?? [], 'elocute_scorings_total'), 0);
      assert.equal(valueOf(starter ?? [], 'elocute_uploads_total', { outcome: 'started' }), 0);
      const written = readStackFile(data)?.environment ?? {};
      assert.equal(written['STANDARD_BUCKET'], 'other-standards');
      assert.equal(written['DATABASE_URL'], undefined);
      assert.equal(written['NOTIFY_SECRET'], undefined);
      assert.equal(written['WEBHOOK_TOKEN'], undefined);
      // Other commands read it as their configuration.
      loadConfig({ ...written, DATABASE_URL: url });
      assert.ok(existsSync(join(data, 'objects')) && !existsSync(join(data, 'postgres')));
      const rows = await database.query('select 1 from elocute.scoring');
      assert.deepEqual(rows, []);
    } finally {
      await stack.stop();
    }
  });

  it('stops what it has started when it is interrupted during the start', async () => {
    const data = temporaryFolder('stack');
    const stop = new AbortController();
    const options = optionsFor(data, {});
    const started: string[] = [];
    const start = startStack({
      ...options,
      signal: stop.signal,
      report(line) {
        started.push(line);
        if (line.startsWith('Starting worker')) stop.abort(new Error('interrupted'));
      },
    });
    await assert.rejects(start, /^Error: interrupted$/);
    assert.ok(started.some((line) => line.startsWith('PostgreSQL: 127.0.0.1')));
    for (const left of ['processes.json', 'lock.json', 'stack.json']) {
      assert.ok(!existsSync(join(data, left)), left);
    }
  });

  it('says at once when a server of its own dies', async () => {
    const given = { WORKER_BUILD_ID: 'of-another-server' };
    const stack = await startStack(optionsFor(temporaryFolder('stack'), given));
    try {
      assert.ok(!('WORKER_BUILD_ID' in stack.environment), 'its own server knows no build');
      const url = stack.environment['DATABASE_URL'] ?? '';
      const database = openDatabase({ connectionString: url, poolSize: 1 });
      const [row] = await database.query(`select pg_read_file('postmaster.pid', 0, 20) as head`);
      await database.close();
      process.kill(Number.parseInt(String(row?.['head']), 10), 'SIGKILL');
      await assert.rejects(stack.failed, /PostgreSQL ended \(SIGKILL\)/);
    } finally {
      await stack.stop();
    }
  });
});

describe('what the local stack is given', () => {
  it('is every variable of the configuration and of the clouds, and nothing else', () => {
    const environment = {
      TEMPORAL_NAMESPACE: 'n',
      LESSON_QUERY: 'select 1',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/t',
      GOOGLE_APPLICATION_CREDENTIALS: '/g',
      DATABASE_URL: '',
      PGPASSWORD: 'x',
      PATH: '/bin',
    };
    assert.deepEqual(Object.keys(givenConfiguration(environment)), [
      'TEMPORAL_NAMESPACE',
      'LESSON_QUERY',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
      'GOOGLE_APPLICATION_CREDENTIALS',
    ]);
    assert.deepEqual(machineEnvironment(environment), { PATH: '/bin' });
  });
});
