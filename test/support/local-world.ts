/**
 * Everything the production code talks to, real, on free ports, for one test file: PostgreSQL, S3
 * with events into SQS, a speech service, and (in this process) starter and worker.
 */
import { join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Client } from '@temporalio/client';
import { openDatabase, type Database } from '../../src/adapters/postgres.ts';
import { migrate } from '../../src/adapters/migrations.ts';
import { createS3Client } from '../../src/adapters/s3.ts';
import { loadConfig, type Config } from '../../src/config.ts';
import { workflowIdFor, type LessonLine } from '../../src/contract.ts';
import { createApplicationTable } from '../../src/local/application-table.ts';
import { freePort } from '../../src/local/free-port.ts';
import { startPostgres } from '../../src/local/postgres-server.ts';
import { startS3Server } from '../../src/local/s3-server.ts';
import { startSpeechServer, type SpeechServer } from '../../src/local/speech-server.ts';
import { startUploadQueue } from '../../src/local/sqs-server.ts';
import { createLog } from '../../src/log.ts';
import { standardKeyOf, sentenceKeyOf } from '../../src/activities/standard-key.ts';
import { startStarter } from '../../src/starter.ts';
import { uploadKeyOf } from '../../src/uploads/key-grammar.ts';
import { scoringIdOf } from '../../src/uploads/scoring-id.ts';
import { noUploads, type UploadCounts } from '../../src/uploads/handle-event.ts';
import { startWorker } from '../../src/worker.ts';
import { freshName, runtime, temporalClient, temporalServer, temporaryFolder } from './services.ts';

export interface Restartable {
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface LocalWorld {
  config: Config;
  environment: Record<string, string>;
  client: Client;
  database: Database;
  s3: S3Client;
  speech: SpeechServer;
  counts: UploadCounts;
  /** Starts a starter, where the world was opened without one; returns its counts. */
  openStarter(): Promise<UploadCounts>;
  postgresServer: Restartable;
  s3Server: Restartable;
  close(): Promise<void>;
}

export interface WorldOptions {
  /** Overrides of the configuration. */
  environment?: Record<string, string>;
  /** False: the test starts worker processes of its own. Default: true. */
  worker?: boolean;
  /** False: events stay in the queue, as if it were down. Default: true. */
  starter?: boolean;
  /** A speech service of the test's own; absent: the offline recogniser. */
  speechEndpoint?: string;
}

/** The AWS client reads its credentials from the environment, as in production. */
const CREDENTIALS = { accessKeyId: 'LOCALTEST', secretAccessKey: 'secret-of-the-tests' };

export async function openWorld(options: WorldOptions = {}): Promise<LocalWorld> {
  await runtime();
  process.env['AWS_ACCESS_KEY_ID'] = CREDENTIALS.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = CREDENTIALS.secretAccessKey;
  const stops: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    return await openParts(options, stops, close);
  } catch (error) {
    // What was started already would keep the whole run alive.
    await close();
    throw error;
  }
}

async function openParts(
  options: WorldOptions,
  stops: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<LocalWorld> {
  const folder = temporaryFolder('world');
  const [{ address }, client] = await Promise.all([temporalServer(), temporalClient()]);

  const postgres = await restartable(async (port) => {
    const server = await startPostgres({
      dataDir: join(folder, 'postgres'),
      logFile: join(folder, 'postgres.log'),
      ephemeral: true,
      port,
    });
    return { ...server, address: server.url };
  });
  stops.push(() => postgres.stop());
  await migrate(postgres.address);
  const database = openDatabase({ connectionString: postgres.address, poolSize: 4 });
  stops.push(() => database.close());
  await createApplicationTable(database);

  const queue = await startUploadQueue(CREDENTIALS);
  stops.push(() => queue.stop());
  const s3Server = await restartable(async (port) => {
    const server = await startS3Server({
      dataDir: join(folder, 's3'),
      ...CREDENTIALS,
      port,
      buckets: ['standard-audio-file'],
      notifications: [{ bucket: 'user-audio-file', queueUrl: queue.queueUrl }],
      deliver: queue.send,
    });
    return { ...server, address: server.endpoint };
  });
  stops.push(() => s3Server.stop());
  const speech = await startSpeechServer({ threads: 1 });
  stops.push(() => speech.close());

  const environment = {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_TASK_QUEUE: freshName('world'),
    S3_ENDPOINT: s3Server.address,
    SQS_ENDPOINT: queue.endpoint,
    DATABASE_URL: postgres.address,
    SPEECH_KIND: options.speechEndpoint === undefined ? 'offline' : 'google',
    SPEECH_ENDPOINT: options.speechEndpoint ?? `127.0.0.1:${speech.port}`,
    SPEECH_QUOTA_DELAY_MS: '200',
    ANALYSIS_THREADS: '1',
    // A schedule would start what a test has left unstarted on purpose.
    RECONCILE_EVERY_MINUTES: '0',
    ...options.environment,
  };
  const config = loadConfig(environment);
  const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  stops.push(() => s3.destroy());
  if (options.worker !== false) {
    const worker = await startWorker(config);
    stops.push(async () => {
      worker.stop();
      await worker.done;
    });
  }
  const openStarter = async () => {
    const stopStarter = new AbortController();
    const starter = await startStarter(config, createLog('starter', 'silent'), stopStarter.signal);
    stops.push(async () => {
      stopStarter.abort();
      await starter.done;
    });
    return starter.counts;
  };
  return {
    config,
    environment,
    client,
    database,
    s3,
    speech,
    counts: options.starter === false ? noUploads() : await openStarter(),
    openStarter,
    postgresServer: postgres,
    s3Server,
    close,
  };
}

/** A server that can be stopped and started again on the same port and data. */
async function restartable(
  start: (port: number) => Promise<{ stop(): Promise<void>; address: string }>,
): Promise<Restartable & { address: string }> {
  const port = await freePort();
  let server: { stop(): Promise<void>; address: string } | undefined = await start(port);
  return {
    address: server.address,
    async stop() {
      await server?.stop();
      server = undefined;
    },
    async start() {
      server ??= await start(port);
    },
  };
}

export interface PutUpload {
  scoringId: string;
  workflowId: string;
  key: string;
  versionId: string | null;
  etag: string | null;
}

/** Uploads as the application would; the event does the rest. */
export async function putLearner(
  world: LocalWorld,
  lesson: LessonLine,
  bytes: Uint8Array,
  userId = '7',
): Promise<PutUpload> {
  const key = uploadKeyOf(userId, lesson, world.config.USER_KEY_ROOT);
  return putObject(world, world.config.USER_BUCKET, key, bytes);
}

export async function putObject(
  world: LocalWorld,
  bucket: string,
  key: string,
  bytes: Uint8Array,
): Promise<PutUpload> {
  const answer = await world.s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }),
  );
  const versionId = answer.VersionId ?? null;
  const etag = answer.ETag?.replaceAll('"', '') ?? null;
  const scoringId = scoringIdOf({ bucket, key, versionId, etag });
  return { scoringId, workflowId: workflowIdFor(scoringId), key, versionId, etag };
}

/** `sentence: null` leaves the sentence unknown. */
export async function putStandard(
  world: LocalWorld,
  lesson: LessonLine,
  bytes: Uint8Array,
  sentence: string | Uint8Array | null,
): Promise<void> {
  const key = standardKeyOf(lesson, world.config.STANDARD_KEY_ROOT);
  await putObject(world, world.config.STANDARD_BUCKET, key, bytes);
  if (sentence === null) return;
  const text = typeof sentence === 'string' ? new TextEncoder().encode(sentence) : sentence;
  await putObject(world, world.config.STANDARD_BUCKET, sentenceKeyOf(key), text);
}

export interface Outcome {
  ours: Record<string, unknown>[];
  application: Record<string, unknown>[];
  workflowStatus: string;
}

/** Waits until the workflow has closed, then reads both tables. */
export async function outcomeOf(world: LocalWorld, upload: PutUpload): Promise<Outcome> {
  const handle = await existingWorkflow(world, upload.workflowId);
  await handle.result().catch(() => undefined);
  const { status } = await handle.describe();
  const ours = await world.database.query('select * from elocute.scoring where id = $1', [
    upload.scoringId,
  ]);
  const application = await world.database.query(
    'select * from app_userpronunciation where audio_file = $1',
    [upload.key],
  );
  return { ours, application, workflowStatus: status.name };
}

/** The event takes a moment to become a workflow. */
export async function existingWorkflow(world: LocalWorld, workflowId: string) {
  const handle = world.client.workflow.getHandle(workflowId);
  for (;;) {
    try {
      await handle.describe();
      return handle;
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'WorkflowNotFoundError') throw error;
    }
  }
}
