/** The servers of the local stack: each is started, or used where its address is given. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrate } from '../adapters/migrations.ts';
import { openDatabase } from '../adapters/postgres.ts';
import type { Environment } from '../config.ts';
import { searchAttributes } from '../contract.ts';
import { createApplicationTable } from './application-table.ts';
import type { DataFolder } from './data-folder.ts';
import { LocalStackError } from './local-stack-error.ts';
import { startPostgres } from './postgres-server.ts';
import { forgetProcess, recordProcess } from './process-record.ts';
import { startS3Server } from './s3-server.ts';
import { startSpeechServer } from './speech-server.ts';
import { startUploadQueue } from './sqs-server.ts';
import { findTemporalBinary } from './temporal-binary.ts';
import { startTemporalServer } from './temporal-server.ts';

export interface PartContext {
  folder: DataFolder;
  cacheDir: string;
  /** What the operator has set. */
  given: Environment;
  machine: Environment;
  ephemeral: boolean;
  /** Whether to make the application's table in a database of our own. */
  standInTable: boolean;
  report: (line: string) => void;
  signal: AbortSignal | undefined;
  stops: (() => Promise<void> | void)[];
}

export interface StartedPart {
  /** What it adds to the environment; undefined takes a given variable out. */
  environment: Record<string, string | undefined>;
  /** Rejects when its process ends without being asked; absent where nothing can. */
  failed?: Promise<never>;
}

export async function startTemporal(
  context: PartContext,
): Promise<StartedPart & { uiUrl: string | null }> {
  const { given, machine, folder, report, cacheDir, ephemeral, signal, stops } = context;
  if (given['TEMPORAL_ADDRESS']) {
    report(`Temporal: using ${given['TEMPORAL_ADDRESS']}`);
    return { uiUrl: null, environment: {} };
  }
  const binary = await findTemporalBinary({ env: machine, cacheDir, report, signal });
  const server = await startTemporalServer({
    binary: binary.path,
    searchAttributes,
    logFile: join(folder.logs, 'temporal.log'),
    onSpawn: (pid) => recordProcess(folder.root, 'temporal', pid),
    signal,
    ...(ephemeral ? {} : { dataFile: folder.temporalDatabase }),
  });
  stops.push(async () => {
    await server.stop();
    forgetProcess(folder.root, server.pid);
  });
  report(`Temporal: ${server.address}, Web UI ${server.uiUrl}`);
  return {
    uiUrl: server.uiUrl,
    failed: server.failed,
    environment: {
      TEMPORAL_ADDRESS: server.address,
      // These belong to another server than the one just started.
      TEMPORAL_NAMESPACE: undefined,
      TEMPORAL_API_KEY: undefined,
      TEMPORAL_TLS: undefined,
      // Nobody has named a build to this server, so a worker of one would get no work.
      WORKER_BUILD_ID: undefined,
    },
  };
}

/** A database that was given keeps its own application table: Django owns that, not we. */
export async function startDatabase(context: PartContext): Promise<StartedPart> {
  const { given, folder, report, ephemeral, signal, stops } = context;
  if (given['DATABASE_URL']) {
    report('PostgreSQL: using DATABASE_URL; its schema "elocute" is brought up to date');
    await migrate(given['DATABASE_URL']);
    return { environment: {} };
  }
  const server = await startPostgres({
    dataDir: folder.postgres,
    logFile: join(folder.logs, 'postgres.log'),
    ephemeral,
    onSpawn: (pid) => recordProcess(folder.root, 'postgres', pid),
    signal,
  });
  stops.push(async () => {
    await server.stop();
    forgetProcess(folder.root, server.pid);
  });
  report(`PostgreSQL: 127.0.0.1:${server.port}`);
  await migrate(server.url);
  if (context.standInTable) await makeStandInTable(server.url);
  return {
    environment: { DATABASE_URL: server.url, POSTGRES_CONFIG: undefined },
    failed: server.failed,
  };
}

async function makeStandInTable(url: string): Promise<void> {
  const database = openDatabase({ connectionString: url, poolSize: 1 });
  try {
    await createApplicationTable(database);
  } finally {
    await database.close();
  }
}

/** One server for both: the events of an S3 of ours go into a queue of ours. */
export async function startObjects(context: PartContext): Promise<StartedPart> {
  const { given, folder, report, stops } = context;
  if (given['S3_ENDPOINT'] && given['SQS_ENDPOINT']) {
    report(`S3 and SQS: using ${given['S3_ENDPOINT']} and ${given['SQS_ENDPOINT']}`);
    return { environment: {} };
  }
  if (given['S3_ENDPOINT'] || given['SQS_ENDPOINT']) {
    throw new LocalStackError('S3_ENDPOINT and SQS_ENDPOINT are used together: set both or none.');
  }
  const credentials = credentialsOf(folder);
  const queue = await startUploadQueue(credentials);
  stops.push(() => queue.stop());
  const userBucket = given['USER_BUCKET'] || 'user-audio-file';
  const s3 = await startS3Server({
    dataDir: folder.objects,
    ...credentials,
    buckets: [userBucket, given['STANDARD_BUCKET'] || 'standard-audio-file'],
    notifications: [{ bucket: userBucket, queueUrl: queue.queueUrl }],
    deliver: queue.send,
  });
  stops.push(() => s3.stop());
  const environment: StartedPart['environment'] = {};
  // A profile or token of the real AWS would win over the local keys.
  for (const name of Object.keys(given)) if (name.startsWith('AWS_')) environment[name] = undefined;
  return {
    environment: {
      ...environment,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      S3_ENDPOINT: s3.endpoint,
      SQS_ENDPOINT: queue.endpoint,
      UPLOAD_QUEUE: undefined,
      UPLOAD_DEAD_LETTER_QUEUE: undefined,
    },
  };
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

export async function startSpeech({ given, report, stops }: PartContext): Promise<StartedPart> {
  if (given['SPEECH_ENDPOINT'] || given['SPEECH_KIND'] === 'google') {
    report(`Speech: using ${given['SPEECH_ENDPOINT'] || 'Google'}`);
    return { environment: {} };
  }
  const server = await startSpeechServer({ threads: 1 });
  stops.push(() => server.close());
  return {
    environment: {
      SPEECH_KIND: 'offline',
      SPEECH_ENDPOINT: `127.0.0.1:${server.port}`,
      GOOGLE_CREDENTIALS: undefined,
      // The client would look for Google's metadata server, which no laptop has.
      METADATA_SERVER_DETECTION: 'none',
    },
  };
}
