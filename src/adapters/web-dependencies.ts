/** Opens everything that the web process talks to. */
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import type { Config } from '../config.ts';
import type { WebDependencies } from '../web/web-ports.ts';
import { openAnalysisEngines } from './analysis-engines.ts';
import { createReportSources, type ReportSourceOptions } from './report-sources.ts';
import { createTokens, tokenOptionsOf } from './json-web-tokens.ts';
import { databaseUrlOf } from './migrated-secrets.ts';
import { createFailedScorings } from './postgres-failed-scorings.ts';
import { createInsights } from './postgres-insights.ts';
import { createLessonDirectory } from './postgres-lessons.ts';
import { createReplayLog } from './postgres-replays.ts';
import { createScoringReader } from './postgres-scoring-reader.ts';
import { findFaultyStandards } from './postgres-standards.ts';
import { openDatabase } from './postgres.ts';
import { createObjectListing } from './s3-listing.ts';
import { presignBoundPut, presignGet } from './s3-presigned.ts';
import { createObjectStore, createS3Client } from './s3.ts';
import { createReplayRuns } from './temporal-replays.ts';
import { createScoringWorkflows } from './temporal-scoring-look.ts';
import { connectTemporal, temporalAddressOf } from './temporal.ts';
import { createWebBatches } from './web-batches.ts';
import { createWebReviews } from './web-reviews.ts';

export interface OpenedWeb {
  deps: WebDependencies;
  close(): Promise<void>;
}

export interface WebOptions {
  /** As browsers see it. */
  origin: string;
  standardOf: ReportSourceOptions['standardOf'];
}

export async function openWebDependencies(
  config: Config,
  { origin, standardOf }: WebOptions,
): Promise<OpenedWeb> {
  const client = await connectTemporal(temporalAddressOf(config));
  const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  const endpoint = config.WEB_S3_ENDPOINT ?? config.S3_ENDPOINT;
  const seen = createS3Client({ region: config.AWS_REGION, endpoint });
  const database = openDatabase({
    connectionString: await databaseUrlOf(config),
    poolSize: config.DATABASE_POOL,
  });
  const objects = createObjectStore(s3);
  const listing = createObjectListing(s3);
  const taskQueue = config.TEMPORAL_TASK_QUEUE;
  // Only reports need them: not opened for a process that serves none.
  let engines: ReturnType<typeof openAnalysisEngines> | undefined;
  const openedEngines = () => {
    engines ??= openAnalysisEngines({
      threads: 1,
      memoryMb: config.ANALYSIS_MEMORY_MB,
      maxSeconds: config.AUDIO_MAX_SECONDS,
      pitchEngine: config.PITCH_ENGINE,
      ffmpegPath: config.FFMPEG_PATH,
    }).catch((error: unknown) => {
      // The next report tries again.
      engines = undefined;
      throw error;
    });
    return engines;
  };
  const deps: WebDependencies = {
    scorings: createScoringReader(database),
    insights: createInsights(database),
    reviews: createWebReviews(database, client),
    workflows: createScoringWorkflows(client),
    objects: {
      presignPut: (options) => presignBoundPut(seen, options),
      presignGet: (object, expiresInS) => presignGet(seen, object, expiresInS),
      describe: (object, signal) => objects.describe(object, signal),
      read: (object, maxBytes, signal) => objects.read(object, maxBytes, signal),
      page: (from, signal) => listing.page(from, signal),
    },
    lessons: createLessonDirectory(database, config.LESSON_QUERY),
    standards: {
      async faulty() {
        const found = await findFaultyStandards(database);
        return found.map(
          ({ bucket, object_key, version, findings, formula_version, checked_at }) => ({
            bucket,
            key: object_key,
            version,
            findings,
            formulaVersion: formula_version,
            checkedAt: checked_at.toISOString(),
          }),
        );
      },
    },
    batches: createWebBatches(database, client, taskQueue),
    replays: {
      scorings: createFailedScorings(database),
      runs: createReplayRuns(client, taskQueue),
      log: createReplayLog(database),
    },
    tokens: createTokens(tokenOptionsOf(config)),
    reports: createReportSources({
      database,
      objects,
      toSpeechWav: async (bytes, signal) => (await openedEngines()).toSpeechWav(bytes, signal),
      standardOf,
      maxBytes: config.AUDIO_MAX_BYTES,
    }),
    checks: {
      async database() {
        await database.query('select 1');
      },
      async temporal(signal) {
        await client.withAbortSignal(signal, () => client.workflowService.getSystemInfo({}));
      },
      async storage(signal) {
        const command = new HeadBucketCommand({ Bucket: config.USER_BUCKET });
        await s3.send(command, { abortSignal: signal });
      },
    },
    settings: {
      origin,
      corsOrigins: config.WEB_CORS_ORIGINS ?? [],
      userBucket: config.USER_BUCKET,
      userKeyRoot: config.USER_KEY_ROOT,
      standardBucket: config.STANDARD_BUCKET,
      standardKeyRoot: config.STANDARD_KEY_ROOT,
      contentTypes: config.CONTENT_TYPES,
      suffixes: config.UPLOAD_SUFFIX,
      maxBytes: config.AUDIO_MAX_BYTES,
      maxSeconds: config.AUDIO_MAX_SECONDS,
      language: config.FEEDBACK_LANGUAGE,
      ratePerMinute: config.WEB_RATE_PER_MINUTE,
      proxies: config.WEB_PROXIES,
    },
  };
  return {
    deps,
    async close() {
      s3.destroy();
      seen.destroy();
      const closed = await Promise.allSettled([
        engines?.then((opened) => opened.close()),
        client.connection.close(),
        database.close(),
      ]);
      // Whatever could not be closed, the rest is.
      for (const one of closed) if (one.status === 'rejected') throw one.reason;
    },
  };
}
