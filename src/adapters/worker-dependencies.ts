/** Opens everything a worker needs outside, from the configuration; checks it before use. */
import type { ActivityDependencies, Notifier } from '../activities/ports.ts';
import type { Config } from '../config.ts';
import type { ThreadLoad } from '../observe/observed-dependencies.ts';
import { openAnalysisThreads } from './analysis-threads.ts';
import { readSecrets } from './migrated-secrets.ts';
import { databaseProblems } from './migrations.ts';
import { openSpeech } from './open-speech.ts';
import { createAnalysisStore } from './postgres-analyses.ts';
import { createBatchLedger } from './postgres-batches.ts';
import { createContentDigests, createLessonDirectory } from './postgres-lessons.ts';
import { createHttpNotifier } from './http-notifier.ts';
import { createReviewStore } from './postgres-reviews.ts';
import { createRescoringStore } from './postgres-rescoring.ts';
import { createScoredUploads } from './postgres-scored-uploads.ts';
import { createScoringStore } from './postgres-scorings.ts';
import { openDatabase } from './postgres.ts';
import { createBatchObjects } from './s3-batches.ts';
import { createObjectListing } from './s3-listing.ts';
import { createObjectStore, createS3Client } from './s3.ts';
import { createScoringStarter } from './temporal-scoring-starter.ts';
import { connectTemporal, temporalAddressOf } from './temporal.ts';
import { uploadFilterOf } from './upload-filter.ts';

const DAY_MS = 86_400_000;

export interface OpenedDependencies {
  activities: ActivityDependencies;
  /** How busy the analysis threads are. */
  threadLoad: () => ThreadLoad;
  close(): Promise<void>;
}

export async function openDependencies(config: Config): Promise<OpenedDependencies> {
  const { databaseUrl, googleCredentials } = await readSecrets(config);
  const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  const database = openDatabase({
    connectionString: databaseUrl,
    poolSize: config.DATABASE_POOL,
  });
  const close: (() => Promise<void> | void)[] = [() => database.close(), () => s3.destroy()];
  const closeAll = async () => {
    for (const one of close.reverse()) await one();
  };
  try {
    const problems = await databaseProblems(database);
    if (problems.length > 0)
      throw new Error(`The database is not ready:\n- ${problems.join('\n- ')}`);
    const audio = await openAnalysisThreads({
      threads: config.ANALYSIS_THREADS,
      maxSeconds: config.AUDIO_MAX_SECONDS,
      pitchEngine: config.PITCH_ENGINE,
    });
    close.push(() => audio.close());
    const speech = openSpeech(config, googleCredentials);
    close.push(() => speech.close());
    // Only what reconciliation starts goes through it; the worker's own connection has no client.
    const temporal = await connectTemporal(temporalAddressOf(config));
    close.push(() => temporal.connection.close());
    return {
      activities: {
        objects: createObjectStore(s3),
        analyses: createAnalysisStore(database),
        scorings: createScoringStore(database, config.FEEDBACK_LANGUAGE),
        digests: createContentDigests(database),
        lessons: createLessonDirectory(database, config.LESSON_QUERY),
        audio,
        lexicon: audio,
        speech,
        batches: {
          ledger: createBatchLedger(database),
          rescoring: createRescoringStore(database, config.FEEDBACK_LANGUAGE),
          objects: createBatchObjects(s3, config.RESULTS_BUCKET ?? config.USER_BUCKET),
        },
        reconciliation: {
          filter: uploadFilterOf(config),
          listing: createObjectListing(s3),
          rows: createScoredUploads(database),
          starter: createScoringStarter(temporal, config.TEMPORAL_TASK_QUEUE),
        },
        reviews: {
          rules: config.REVIEW_POLICY,
          timeoutMs: config.REVIEW_TIMEOUT_DAYS * DAY_MS,
          store: createReviewStore(database),
        },
        notifier: openNotifier(config),
        settings: {
          standardBucket: config.STANDARD_BUCKET,
          keyRoot: config.STANDARD_KEY_ROOT,
          maxBytes: config.AUDIO_MAX_BYTES,
        },
      },
      threadLoad: () => audio.load(),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function openNotifier(config: Config): Notifier | null {
  const { NOTIFY_URL: url, NOTIFY_SECRET: secret, NOTIFY_ALLOW_PRIVATE: allowPrivate } = config;
  if (url === undefined || secret === undefined) return null;
  return createHttpNotifier({ url, secret, allowPrivate });
}
