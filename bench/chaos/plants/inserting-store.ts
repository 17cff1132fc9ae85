import { setTimeout as delay } from 'node:timers/promises';
import type { ScoringStore } from '../../../src/activities/ports.ts';
import type { Database } from '../../../src/adapters/postgres.ts';
import type { SavedScoring, SaveFailureInput, SaveScoreInput } from '../../../src/contract.ts';

/** A slow answer after the commit: a kill meets it, and the retry saves once more. */
const ANSWER_AFTER_MS = 2500;

interface Outcome {
  status: 'completed' | 'failed';
  result: string | null;
  failureCode: string | null;
  userId: string;
}

/** `store` with another way to save. */
export function createInsertingStore(database: Database, store: ScoringStore): ScoringStore {
  return {
    ...store,
    saveScore: (input, result) =>
      insert(database, input, {
        status: 'completed',
        result: JSON.stringify(result),
        failureCode: null,
        userId: input.ids.userId,
      }),
    saveFailure: (input) =>
      insert(database, input, {
        status: 'failed',
        result: null,
        failureCode: input.code,
        userId: input.userId,
      }),
  };
}

async function insert(
  database: Database,
  input: SaveScoreInput | SaveFailureInput,
  { status, result, failureCode, userId }: Outcome,
): Promise<SavedScoring> {
  const { upload, lesson } = input;
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
