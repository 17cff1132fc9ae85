/** Opens everything a worker needs outside, from the configuration; checks it before use. */
import type { ActivityDependencies, Notifier } from '../activities/ports.ts';
import type { Config } from '../config.ts';
import { taskQueuesOf } from '../contract.ts';
import type { ThreadLoad } from '../observe/observed-dependencies.ts';
import { rateLimitsOf } from './adaptive-rate.ts';
import { openAnalysisEngines, type AnalysisEngineOptions } from './analysis-engines.ts';
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
import { createSharedRate } from './postgres-speech-rate.ts';
import { openDatabase } from './postgres.ts';
import { createBatchObjects } from './s3-batches.ts';
import { createObjectListing } from './s3-listing.ts';
import { createOlderVersions } from './s3-older-versions.ts';
import { createObjectStore, createS3Client } from './s3.ts';
import { createSpeechThrottle, type SpeechThrottle } from './speech-throttle.ts';
import { createScoringStarter } from './temporal-scoring-starter.ts';
import { connectTemporal, temporalAddressOf } from './temporal.ts';
import { uploadFilterOf } from './upload-filter.ts';

const DAY_MS = 86_400_000;

export interface OpenedDependencies {
  activities: ActivityDependencies;
  speechThrottle: SpeechThrottle;
  /** How busy the analysis processes are. */
  threadLoad: () => ThreadLoad;
  close(): Promise<void>;
}

/** What else the analysis processes run, or how long they may: for those who try what a worker bears. */
export type AnalysisOverrides = Pick<AnalysisEngineOptions, 'module' | 'timeLimits'>;

export interface OpenOptions {
  analysis: AnalysisOverrides;
  /** Told what went wrong beside all activities, and will be tried again. */
  onTrouble: (error: unknown) => void;
}

/** Google counts by the minute: long enough to see whether a change helped. */
const SPEECH_RATE_WINDOW_MS = 10_000;

export async function openDependencies(
  config: Config,
  { analysis, onTrouble }: OpenOptions,
): Promise<OpenedDependencies> {
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
    const audio = await openAnalysisEngines({
      threads: config.ANALYSIS_THREADS,
      memoryMb: config.ANALYSIS_MEMORY_MB,
      maxSeconds: config.AUDIO_MAX_SECONDS,
      pitchEngine: config.PITCH_ENGINE,
      ffmpegPath: config.FFMPEG_PATH,
      ...analysis,
    });
    close.push(() => audio.close());
    const speech = openSpeech(config, googleCredentials);
    close.push(() => speech.close());
    const speechThrottle = createSpeechThrottle(
      speech,
      createSharedRate(
        database,
        taskQueuesOf(config.TEMPORAL_TASK_QUEUE).speech,
        rateLimitsOf(config.SPEECH_RATE_PER_SECOND, SPEECH_RATE_WINDOW_MS),
      ),
      { windowMs: SPEECH_RATE_WINDOW_MS, onTrouble },
    );
    close.push(() => speechThrottle.close());
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
        speech: speechThrottle.recogniser,
        batches: {
          ledger: createBatchLedger(database),
          rescoring: createRescoringStore(database, config.FEEDBACK_LANGUAGE),
          objects: createBatchObjects(s3, config.RESULTS_BUCKET ?? config.USER_BUCKET),
        },
        reconciliation: {
          filter: uploadFilterOf(config),
          listing: createObjectListing(s3),
          olderVersions: createOlderVersions(s3),
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
      speechThrottle,
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
