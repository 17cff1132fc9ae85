import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../../src/adapters/postgres.ts';
import type { SavedScoring, SaveFailureInput, SaveScoreInput } from '../../../src/contract.ts';

/** A slow answer after the commit: a kill meets it, and the retry saves once more. */
const ANSWER_AFTER_MS = 2500;

/** The activities that save, without what makes them save once. */
export function insertingActivities(database: Database) {
  return {
    async saveScore(input: SaveScoreInput): Promise<SavedScoring> {
      const [kept] = await database.query<{ result: string }>(
        'select value::text as result from elocute.analysis where key = $1',
        [input.resultKey],
      );
      const result = kept?.result ?? null;
      return insert(database, input, { status: 'completed', result, failureCode: null });
    },
    saveFailure: (input: SaveFailureInput): Promise<SavedScoring> =>
      insert(database, input, { status: 'failed', result: null, failureCode: input.code }),
  };
}

interface Outcome {
  status: 'completed' | 'failed';
  result: string | null;
  failureCode: string | null;
}

async function insert(
  database: Database,
  input: SaveScoreInput | SaveFailureInput,
  { status, result, failureCode }: Outcome,
): Promise<SavedScoring> {
  const { upload, lesson } = input;
  const userId = input.ids?.userId ?? '0';
  const applicationRowId = await database.transaction(async (query) => {
    const [row] = await query<{ id: string }>(
      `insert into app_userpronunciation (user_id, audio_file, status, created_at)
       values ($1, $2, $3, now()) returning id::text`,
      [userId, upload.key, status],
    );
    await query(
      `insert into elocute.scoring (id, bucket, object_key, version_id, etag, sequencer, content_type,
         level, title, line, user_id, status, result, failure_code, workflow_id, run_id,
         application_row_id, started_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, now())`,
      [
        input.scoringId,
        upload.bucket,
        upload.key,
        upload.versionId,
        upload.etag,
        upload.sequencer,
        lesson.contentType,
        lesson.level,
        lesson.title,
        lesson.line,
        userId,
        status,
        result,
        failureCode,
        input.workflowId,
        input.runId,
        row?.id,
      ],
    );
    return row?.id ?? null;
  });
  await delay(ANSWER_AFTER_MS);
  return { applicationRowId, changed: true };
}
