/** The whole of Elocute as processes that can be killed, on fixed ports, in one folder. */
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../src/adapters/migrations.ts';
import { openDatabase } from '../../src/adapters/postgres.ts';
import { cacheFolder, machineEnvironment } from '../../src/commands/stack-environment.ts';
import { searchAttributes } from '../../src/contract.ts';
import { createApplicationTable } from '../../src/local/application-table.ts';
import { freePort } from '../../src/local/free-port.ts';
import { startPostgres } from '../../src/local/postgres-server.ts';
import { findTemporalBinary } from '../../src/local/temporal-binary.ts';
import { startTemporalServer } from '../../src/local/temporal-server.ts';
import { CALLER_WAITS_MS } from './checker/check-paid.ts';
import type { EventWeather } from './event-fate.ts';
import { startNodeProcess } from './node-process.ts';
import type { ObjectsSettings } from './objects-process.ts';
import { targets, type Target } from './plan-faults.ts';
import type { Plant } from './plants/plant.ts';
import type { ProcessTree } from './process-tree.ts';
import type { SpeechSettings } from './speech-process.ts';
import { supervise, type Running, type Supervised } from './supervise.ts';

export interface ChaosStackOptions {
  folder: string;
  seed: number;
  weather: EventWeather;
  plant: Plant | null;
  tree: ProcessTree;
  report: (line: string) => void;
}

export interface ChaosStack {
  parts: Record<Target | 'speech', Supervised>;
  /** What worker, starter and commands are configured with. */
  environment: Record<string, string>;
  paths: { logs: string; temporary: string; contents: string; eventLog: string; speechLog: string };
  close(): Promise<void>;
}

export const BUCKETS = { user: 'user-audio-file', standard: 'standard-audio-file' };
export const LIMITS = { maxBytes: 1_000_000, maxSeconds: 20 };
export const CREDENTIALS = {
  accessKeyId: 'LOCALCHAOS',
  secretAccessKey: 'secret-of-the-fault-run',
};

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export async function startChaosStack(options: ChaosStackOptions): Promise<ChaosStack> {
  const { folder, plant, tree, report } = options;
  // Passable: PostgreSQL runs as another user where this one is root.
  chmodSync(folder, 0o711);
  const paths = {
    logs: join(folder, 'logs'),
    temporary: join(folder, 'tmp'),
    contents: join(folder, 'objects', 'contents'),
    eventLog: join(folder, 'events.jsonl'),
    speechLog: join(folder, 'speech.jsonl'),
  };
  for (const path of [paths.logs, paths.temporary]) mkdirSync(path, { mode: 0o700 });
  const [temporal, ui, postgres, s3, sqs, speech] = await freePorts(6);
  const log = (name: string) => join(paths.logs, `${name}.log`);
  const machine = machineEnvironment(process.env);
  const binary = await findTemporalBinary({
    env: machine,
    cacheDir: cacheFolder(process.env),
    report,
  });
  let databaseUrl = '';
  const launches: Record<Target | 'speech', () => Promise<Running>> = {
    temporal: async () =>
      asRunning(
        await startTemporalServer({
          binary: binary.path,
          port: temporal,
          uiPort: ui,
          dataFile: join(folder, 'temporal.db'),
          searchAttributes,
          logFile: log('temporal'),
        }),
      ),
    postgres: async () => {
      const server = await startPostgres({
        dataDir: join(folder, 'postgres'),
        port: postgres,
        logFile: log('postgres'),
      });
      databaseUrl = server.url;
      return asRunning(server);
    },
    objects: () => {
      const settings: ObjectsSettings = {
        seed: options.seed,
        weather: options.weather,
        eventLog: paths.eventLog,
        dataDir: join(folder, 'objects'),
        s3Port: s3,
        sqsPort: sqs,
        userBucket: BUCKETS.user,
        standardBucket: BUCKETS.standard,
        ...CREDENTIALS,
      };
      return startNodeProcess({
        script: here('objects-process.ts'),
        args: [JSON.stringify(settings)],
        environment: machine,
        logFile: log('objects'),
      });
    },
    speech: () => {
      const settings: SpeechSettings = { port: speech, speechLog: paths.speechLog };
      return startNodeProcess({
        script: here('speech-process.ts'),
        args: [JSON.stringify(settings)],
        environment: machine,
        logFile: log('speech'),
      });
    },
    'worker-0': () => startProduct('worker', 'worker-0'),
    'worker-1': () => startProduct('worker', 'worker-1'),
    'starter-0': () => startProduct('starter', 'starter-0'),
    'starter-1': () => startProduct('starter', 'starter-1'),
  };
  const parts = Object.fromEntries(
    Object.entries(launches).map(([name, launch]) => [
      name,
      supervise({ name, launch, beforeEnd: (pid) => tree.remember(pid), report }),
    ]),
  ) as Record<Target | 'speech', Supervised>;
  const environment: Record<string, string> = {
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal}`,
    S3_ENDPOINT: `http://127.0.0.1:${s3}`,
    SQS_ENDPOINT: `http://127.0.0.1:${sqs}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    SPEECH_KIND: 'offline',
    SPEECH_ENDPOINT: `127.0.0.1:${speech}`,
    SPEECH_TIMEOUT_MS: String(CALLER_WAITS_MS),
    SPEECH_QUOTA_DELAY_MS: '1000',
    SPEECH_CONCURRENCY: '4',
    ANALYSIS_THREADS: '1',
    AUDIO_MAX_BYTES: String(LIMITS.maxBytes),
    AUDIO_MAX_SECONDS: String(LIMITS.maxSeconds),
  };
  const close = async () => {
    for (const name of [...targets, 'speech'] as const) {
      const pid = parts[name].pid();
      if (pid !== null) tree.remember(pid);
    }
    // Mains first, so that they still have what they stop with.
    const mains = (['worker-0', 'worker-1', 'starter-0', 'starter-1'] as const).map((name) =>
      parts[name].close(),
    );
    await Promise.all(mains);
    const servers = (['temporal', 'postgres', 'objects', 'speech'] as const).map((name) =>
      parts[name].close(),
    );
    await Promise.all(servers);
  };
  try {
    const servers = (['temporal', 'postgres', 'objects', 'speech'] as const).map((name) =>
      parts[name].up(),
    );
    await allOf(servers);
    environment['DATABASE_URL'] = databaseUrl;
    await prepareDatabase(databaseUrl, plant);
    const mains = (['worker-0', 'worker-1', 'starter-0', 'starter-1'] as const).map((name) =>
      parts[name].up(),
    );
    await allOf(mains);
    return { parts, environment, paths, close };
  } catch (error) {
    await close();
    throw error;
  }

  function startProduct(main: 'worker' | 'starter', name: Target): Promise<Running> {
    const instead = plant?.mains[main];
    return startNodeProcess({
      script: instead === undefined ? root(`dist/${main}.js`) : instead,
      environment: {
        ...machine,
        ...environment,
        TMPDIR: paths.temporary,
        // Else the loader of a planted main keeps what it compiled there.
        TSX_DISABLE_CACHE: '1',
      },
      logFile: log(name),
    });
  }
}

async function prepareDatabase(url: string, plant: Plant | null): Promise<void> {
  await migrate(url);
  const database = openDatabase({ connectionString: url, poolSize: 1 });
  try {
    await createApplicationTable(database);
    if (plant?.statement !== undefined) await database.query(plant.statement);
  } finally {
    await database.close();
  }
}

/** All of them have ended before the first failure is thrown: nothing is still starting then. */
async function allOf(started: Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(started)) {
    if (result.status === 'rejected') throw result.reason;
  }
}

function asRunning(server: Omit<Running, 'ended'> & { failed: Promise<never> }): Running {
  const ended = server.failed.catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  return { pid: server.pid, stop: () => server.stop(), ended };
}

async function freePorts(count: 6): Promise<[number, number, number, number, number, number]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports] as [number, number, number, number, number, number];
}
