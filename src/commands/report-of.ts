import { standardKeyOf } from '../activities/standard-key.ts';
import { openAnalysisEngines } from '../adapters/analysis-engines.ts';
import { createReportSources } from '../adapters/report-sources.ts';
import { createObjectStore, createS3Client } from '../adapters/s3.ts';
import type { Config } from '../config.ts';
import { readReport } from '../report/read-report.ts';
import type { ReportData } from '../report/report-data.ts';
import { openConfiguredDatabase } from './command-environment.ts';
import { UsageError } from './exit-codes.ts';
import { findScorings } from './stored-scoring.ts';

interface S3Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/**
 * What the report of a finished scoring shows, from the configured database and S3.
 * @throws UsageError for an id that nobody or several have.
 */
export async function reportOf(
  id: string,
  config: Config,
  signal: AbortSignal,
  credentials?: S3Credentials,
): Promise<ReportData> {
  const database = await openConfiguredDatabase(config);
  const s3 = createS3Client({
    region: config.AWS_REGION,
    endpoint: config.S3_ENDPOINT,
    ...(credentials === undefined ? {} : { credentials }),
  });
  try {
    const found = await findScorings(database, id);
    if (found.length > 1) throw new UsageError(`${id} begins several scorings; give more digits.`);
    const [scoring] = found;
    if (scoring === undefined) {
      throw new UsageError(
        `No finished scoring has the id ${id}. \`elocute status ${id}\` shows whether it still runs.`,
      );
    }
    // In processes of their own, because a recording may be anything.
    const engines = await openAnalysisEngines({
      threads: 1,
      maxSeconds: config.AUDIO_MAX_SECONDS,
      memoryMb: config.ANALYSIS_MEMORY_MB,
      ffmpegPath: config.FFMPEG_PATH,
    });
    try {
      const sources = createReportSources({
        database,
        objects: createObjectStore(s3),
        toSpeechWav: engines.toSpeechWav.bind(engines),
        standardOf: (lesson) => ({
          bucket: config.STANDARD_BUCKET,
          key: standardKeyOf(lesson, config.STANDARD_KEY_ROOT),
        }),
        maxBytes: config.AUDIO_MAX_BYTES,
      });
      const data = await readReport(sources, scoring.id, signal);
      if (data === null) throw new UsageError(`The scoring ${id} was deleted just now.`);
      return data;
    } finally {
      await engines.close();
    }
  } finally {
    s3.destroy();
    await database.close();
  }
}
