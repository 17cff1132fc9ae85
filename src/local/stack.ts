/**
 * The whole of Elocute on one machine: servers, worker and starter, on loopback and free ports, in
 * one data folder. A part whose address is set in the environment is used instead of started.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../adapters/migrations.ts';
import { openDatabase } from '../adapters/postgres.ts';
import type { Environment } from '../config.ts';
import { searchAttributes } from '../contract.ts';
import { createApplicationTable } from './application-table.ts';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import { lockFolder } from './folder-lock.ts';
import { startMain, type RunningMain } from './main-child.ts';
import { startPostgres } from './postgres-server.ts';
import { forgetProcess, recordProcess, stopOrphans } from './process-record.ts';
import { startS3Server } from './s3-server.ts';
import { startSpeechServer } from './speech-server.ts';
import { startUploadQueue } from './sqs-server.ts';
import { findTemporalBinary } from './temporal-binary.ts';
import { removeStackFile, writeStackFile } from './stack-file.ts';
import { startTemporalServer } from './temporal-server.ts';

export interface StackOptions {
  dataDir: string;
  cacheDir: string;
  environment: Environment;
  /** Nothing outlives the run: databases skip fsync, Temporal keeps its state in memory. */
  ephemeral: boolean;
  report: (line: string) => void;
}

export interface LocalStack {
  /** What worker, starter and commands are configured with. */
  environment: Record<string, string>;
  uiUrl: string | null;
  folder: DataFolder;
  /** Rejects when worker or starter ends without being asked. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

type Stop = () => Promise<void> | void;

export async function startStack(options: StackOptions): Promise<LocalStack> {
  const { report } = options;
  const folder = openDataFolder(options.dataDir);
  const lock = lockFolder(folder.root);
  const stops: Stop[] = [() => lock.release()];
  const stop = async () => {
    for (const one of stops.splice(0).reverse()) {
      try {
        await one();
      } catch (error) {
        report(`While stopping: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  try {
    await stopOrphans(folder.root, report);
    const given = options.environment;
    const environment: Record<string, string> = {};
    const parts = await Promise.allSettled([
      startTemporal(options, folder, given, stops),
      startDatabase(options, folder, given, stops),
      startObjects(folder, given, stops),
      startSpeech(given, stops),
    ]);
    for (const part of parts) {
      if (part.status === 'rejected') throw part.reason;
      Object.assign(environment, part.value.environment);
    }
    const [temporal] = parts;
    const uiUrl = temporal.status === 'fulfilled' ? temporal.value.uiUrl : null;
    report('Starting worker and starter …');
    const { failed } = await startMains(environment, options, folder, stops);
    writeStackFile(folder.root, { environment, uiUrl });
    stops.push(() => removeStackFile(folder.root));
    return { environment, uiUrl, folder, failed, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startTemporal(
  { cacheDir, ephemeral, report }: StackOptions,
  folder: DataFolder,
  given: Environment,
  stops: Stop[],
) {
  if (given['TEMPORAL_ADDRESS']) {
    report(`Temporal: using ${given['TEMPORAL_ADDRESS']}`);
    const environment = { TEMPORAL_ADDRESS: given['TEMPORAL_ADDRESS'] };
    return { uiUrl: null, environment };
  }
  const binary = await findTemporalBinary({ env: given, cacheDir, report });
  const server = await startTemporalServer({
    binary: binary.path,
    searchAttributes,
    logFile: join(folder.logs, 'temporal.log'),
    ...(ephemeral ? {} : { dataFile: folder.temporalDatabase }),
  });
  recordProcess(folder.root, 'temporal', server.pid);
  stops.push(async () => {
    await server.stop();
    forgetProcess(folder.root, server.pid);
  });
  report(`Temporal: ${server.address}, Web UI ${server.uiUrl}`);
  return { uiUrl: server.uiUrl, environment: { TEMPORAL_ADDRESS: server.address } };
}

async function startDatabase(
  { ephemeral, report }: StackOptions,
  folder: DataFolder,
  given: Environment,
  stops: Stop[],
) {
  let url = given['DATABASE_URL'];
  if (url === undefined || url === '') {
    const server = await startPostgres({
      dataDir: folder.postgres,
      logFile: join(folder.logs, 'postgres.log'),
      ephemeral,
    });
    recordProcess(folder.root, 'postgres', server.pid);
    stops.push(async () => {
      await server.stop();
      forgetProcess(folder.root, server.pid);
    });
    url = server.url;
    report(`PostgreSQL: 127.0.0.1:${server.port}`);
  } else {
    report('PostgreSQL: using DATABASE_URL');
  }
  await migrate(url);
  const database = openDatabase({ connectionString: url, poolSize: 1 });
  try {
    await createApplicationTable(database);
  } finally {
    await database.close();
  }
  return { environment: { DATABASE_URL: url } };
}

const BUCKETS = { user: 'user-audio-file', standard: 'standard-audio-file' };

async function startObjects(folder: DataFolder, given: Environment, stops: Stop[]) {
  const passed = pick(given, [
    'S3_ENDPOINT',
    'SQS_ENDPOINT',
    'AWS_REGION',
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'USER_BUCKET',
    'STANDARD_BUCKET',
    'UPLOAD_QUEUE',
  ]);
  if (passed['S3_ENDPOINT'] && passed['SQS_ENDPOINT']) return { environment: passed };
  const credentials = credentialsOf(folder);
  const queue = await startUploadQueue(credentials);
  stops.push(() => queue.stop());
  const s3 = await startS3Server({
    dataDir: folder.objects,
    ...credentials,
    buckets: Object.values(BUCKETS),
    notifications: [{ bucket: BUCKETS.user, queueUrl: queue.queueUrl }],
    deliver: queue.send,
  });
  stops.push(() => s3.stop());
  const environment: Record<string, string> = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    S3_ENDPOINT: s3.endpoint,
    SQS_ENDPOINT: queue.endpoint,
  };
  return { environment };
}

/** Random, and kept: a presigned address stays valid over a restart. */
function credentialsOf(folder: DataFolder) {
  const file = join(folder.root, 'credentials.json');
  if (!existsSync(file)) {
    const made = {
      accessKeyId: `LOCAL${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(24).toString('base64url'),
    };
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8')) as {
    accessKeyId: string;
    secretAccessKey: string;
  };
}

async function startSpeech(given: Environment, stops: Stop[]) {
  const passed = pick(given, ['SPEECH_KIND', 'SPEECH_ENDPOINT', 'GOOGLE_CREDENTIALS']);
  if (passed['SPEECH_ENDPOINT'] || passed['SPEECH_KIND'] === 'google') {
    return { environment: passed };
  }
  const server = await startSpeechServer({ threads: 1 });
  stops.push(() => server.close());
  const environment: Record<string, string> = {
    SPEECH_KIND: 'offline',
    SPEECH_ENDPOINT: `127.0.0.1:${server.port}`,
    // The client would look for Google's metadata server, which no laptop has.
    METADATA_SERVER_DETECTION: 'none',
  };
  return { environment };
}

async function startMains(
  environment: Record<string, string>,
  options: StackOptions,
  folder: DataFolder,
  stops: Stop[],
): Promise<{ failed: Promise<never> }> {
  const passed = pick(options.environment, ['PATH', 'HOME', 'LOG_LEVEL', 'ANALYSIS_THREADS']);
  const started = await Promise.allSettled(
    (['worker', 'starter'] as const).map((name) =>
      startMain(name, { ...passed, ...environment }, join(folder.logs, `${name}.log`)),
    ),
  );
  const mains: RunningMain[] = [];
  for (const [index, result] of started.entries()) {
    if (result.status === 'rejected') continue;
    const { value: main } = result;
    mains.push(main);
    recordProcess(folder.root, index === 0 ? 'worker' : 'starter', main.pid);
    stops.push(async () => {
      await main.stop();
      forgetProcess(folder.root, main.pid);
    });
  }
  for (const result of started) if (result.status === 'rejected') throw result.reason;
  const failed = Promise.race(mains.map((main) => main.failed));
  // Whoever does not look at it must not be ended by it.
  failed.catch(() => undefined);
  return { failed };
}

function pick(environment: Environment, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}
