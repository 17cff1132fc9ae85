/** Opens everything a worker needs outside, from the configuration; checks it before use. */
import type { ActivityDependencies } from '../activities/ports.ts';
import type { Config } from '../config.ts';
import { openAnalysisThreads } from './analysis-threads.ts';
import { createSpeechRecogniser } from './google-speech.ts';
import { readGoogleCredentials, readPostgresConfig } from './migrated-secrets.ts';
import { databaseProblems } from './migrations.ts';
import { createAnalysisStore } from './postgres-analyses.ts';
import { createContentDigests, createLessonDirectory } from './postgres-lessons.ts';
import { createScoringStore } from './postgres-scorings.ts';
import { openDatabase } from './postgres.ts';
import { createObjectStore, createS3Client } from './s3.ts';

export interface OpenedDependencies {
  activities: ActivityDependencies;
  close(): Promise<void>;
}

export async function openDependencies(config: Config): Promise<OpenedDependencies> {
  const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  const database = openDatabase({
    connectionString: await databaseUrlOf(config),
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
    });
    close.push(() => audio.close());
    const speech = await openSpeech(config);
    close.push(() => speech.close());
    return {
      activities: {
        objects: createObjectStore(s3),
        analyses: createAnalysisStore(database),
        scorings: createScoringStore(database, config.FEEDBACK_LANGUAGE),
        digests: createContentDigests(database),
        lessons: createLessonDirectory(database, config.LESSON_QUERY),
        audio,
        speech,
        settings: {
          standardBucket: config.STANDARD_BUCKET,
          keyRoot: config.STANDARD_KEY_ROOT,
          maxBytes: config.AUDIO_MAX_BYTES,
        },
      },
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** DATABASE_URL, or what POSTGRES_CONFIG points at. */
export async function databaseUrlOf(config: Config): Promise<string> {
  if (config.DATABASE_URL !== undefined) return config.DATABASE_URL;
  if (config.POSTGRES_CONFIG === undefined) throw new Error('loadConfig lets this not happen');
  const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  try {
    return await readPostgresConfig(s3, config.POSTGRES_CONFIG);
  } finally {
    s3.destroy();
  }
}

async function openSpeech(config: Config) {
  const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  try {
    const credentials =
      config.GOOGLE_CREDENTIALS === undefined
        ? undefined
        : await readGoogleCredentials(s3, config.GOOGLE_CREDENTIALS);
    return createSpeechRecogniser({
      kind: config.SPEECH_KIND,
      model: config.SPEECH_MODEL,
      languageCode: config.SPEECH_LANGUAGE,
      timeoutMs: config.SPEECH_TIMEOUT_MS,
      quotaDelayMs: config.SPEECH_QUOTA_DELAY_MS,
      ...(config.SPEECH_ENDPOINT === undefined
        ? {}
        : { endpoint: { ...config.SPEECH_ENDPOINT, insecure: true } }),
      ...(credentials === undefined ? {} : { credentials, projectId: credentials.project_id }),
    });
  } finally {
    s3.destroy();
  }
}
