/** Outcomes: our row and the application's row, in one transaction, once per upload. */
import type { ScoringStore } from '../activities/ports.ts';
import type { SavedScoring, SaveFailureInput, SaveScoreInput } from '../contract.ts';
import { unusableStandard } from '../scoring/check-standard.ts';
import type { Language } from '../scoring/messages/message.ts';
import { FORMULA_VERSION } from '../scoring/score.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import {
  ApplicationRowRefused,
  writeApplicationRow,
  type ApplicationRow,
} from './application-row.ts';
import { saveStandardCheck, type StandardCheck } from './postgres-standards.ts';
import type { Database } from './postgres.ts';

/** `language`: of the advice in the application's row. */
export function createScoringStore(database: Database, language: Language = 'en'): ScoringStore {
  return {
    saveScore: (input, result) =>
      save(
        database,
        input,
        applicationScoreOf(input, result, language),
        standardOf(input, result),
        {
          status: 'completed',
          user_id: input.ids.userId,
          sentence: input.sentence,
          attempt_kind: result.attempt.kind,
          result: JSON.stringify(result),
          schema_version: result.schemaVersion,
          formula_version: result.formulaVersion,
          failure_code: null,
          failure_message: null,
        },
      ),
    saveFailure: (input, learnerMessage) =>
      save(database, input, applicationFailureOf(input, learnerMessage), badStandardOf(input), {
        status: 'failed',
        user_id: input.ids?.userId ?? input.userId,
        sentence: null,
        attempt_kind: null,
        result: null,
        schema_version: null,
        formula_version: null,
        failure_code: input.code,
        failure_message: input.message.slice(0, MESSAGE_LIMIT),
      }),
  };
}

/** What differs between a score and a failure; keys are columns of `elocute.scoring`. */
interface Outcome {
  status: 'completed' | 'failed';
  user_id: string;
  sentence: string | null;
  attempt_kind: string | null;
  result: string | null;
  schema_version: number | null;
  formula_version: string | null;
  failure_code: string | null;
  failure_message: string | null;
}

interface ExistingScoring {
  status: string;
  run_id: string;
  application_row_id: string | null;
}

async function save(
  database: Database,
  input: SaveScoreInput | SaveFailureInput,
  application: ApplicationRow,
  check: StandardCheck | null,
  outcome: Outcome,
): Promise<SavedScoring> {
  return database.transaction(async (query) => {
    // Two scorings of one key (a replaced recording) must not both take the row that waits there.
    await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [input.upload.key]);
    const [existing] = await query<ExistingScoring & Record<string, unknown>>(
      'select status, run_id, application_row_id from elocute.scoring where id = $1 for update',
      [input.scoringId],
    );
    if (existing !== undefined && isFinal(existing, input, outcome)) {
      return { applicationRowId: existing.application_row_id, changed: false };
    }
    const knownId = existing?.application_row_id ?? null;
    const written = await writeUnlessRefused(query, application, knownId);
    const columns = {
      ...identityOf(input),
      ...outcome,
      application_row_id: written.rowId,
      failure_message: withRefusal(outcome.failure_message, written.refusal),
    };
    await query(upsertOf(Object.keys(columns)), Object.values(columns));
    // Last, because scorings of one lesson meet in this row.
    if (check !== null) await saveStandardCheck(query, check);
    return { applicationRowId: written.rowId, changed: true };
  });
}

/**
 * A score that the application cannot read is not saved: it is a failure, which can be replayed. A
 * failure is kept in our row even then, since it would be known nowhere else.
 */
async function writeUnlessRefused(
  query: Database['query'],
  row: ApplicationRow,
  knownId: string | null,
): Promise<{ rowId: string | null; refusal: string | null }> {
  await query('savepoint application_row');
  try {
    return { rowId: await writeApplicationRow(query, row, knownId), refusal: null };
  } catch (error) {
    if (row.status !== 'failed' || !(error instanceof ApplicationRowRefused)) throw error;
    await query('rollback to savepoint application_row');
    return { rowId: knownId, refusal: error.message };
  }
}

const MESSAGE_LIMIT = 2000;

/** The refusal is said once, also where it is the failure itself. */
function withRefusal(message: string | null, refusal: string | null): string | null {
  if (message === null || refusal === null || message.includes(refusal)) return message;
  return `${message.slice(0, MESSAGE_LIMIT - refusal.length - 2)}; ${refusal}`;
}

/** A score stays; a failure stays where the same run reports it again (a retry after the commit). */
function isFinal(
  existing: ExistingScoring,
  input: SaveScoreInput | SaveFailureInput,
  outcome: Outcome,
): boolean {
  if (existing.status === 'completed') return true;
  return outcome.status === 'failed' && existing.run_id === input.runId;
}

function identityOf(input: SaveScoreInput | SaveFailureInput) {
  const { upload, lesson, ids } = input;
  return {
    id: input.scoringId,
    bucket: upload.bucket,
    object_key: upload.key,
    version_id: upload.versionId,
    etag: upload.etag,
    sequencer: upload.sequencer,
    content_type: lesson.contentType,
    level: lesson.level,
    title: lesson.title,
    line: lesson.line,
    content_type_id: ids?.contentTypeId ?? null,
    object_id: ids?.objectId ?? null,
    workflow_id: input.workflowId,
    run_id: input.runId,
    started_at: new Date(input.startedAtMs).toISOString(),
  };
}

function upsertOf(columns: string[]): string {
  const placeholders = columns.map((_, index) => `$${index + 1}`);
  const updates = columns
    .filter((column) => column !== 'id')
    .map((column) => `${column} = excluded.${column}`);
  return `insert into elocute.scoring (${columns.join(', ')}) values (${placeholders.join(', ')})
    on conflict (id) do update set ${updates.join(', ')},
      attempts = elocute.scoring.attempts + 1, finished_at = now(), updated_at = now()`;
}

function standardOf({ standard }: SaveScoreInput, result: ScoringResult): StandardCheck | null {
  if (standard === undefined) return null;
  return { standard, findings: result.standardCheck, formulaVersion: result.formulaVersion };
}

function badStandardOf({ standard, code }: SaveFailureInput): StandardCheck | null {
  if (!standard || code !== 'STANDARD_UNUSABLE') return null;
  return { standard, findings: [unusableStandard()], formulaVersion: FORMULA_VERSION };
}

export function applicationScoreOf(
  input: Pick<SaveScoreInput, 'ids' | 'upload'>,
  result: ScoringResult,
  language: Language,
): ApplicationRow {
  return {
    user_id: input.ids.userId,
    content_type_id: input.ids.contentTypeId,
    object_id: input.ids.objectId,
    audio_file: input.upload.key,
    pitch_similarity: result.pitchSimilarity,
    rhythm_similarity: result.rhythmSimilarity,
    speed_ratio: result.speedRatio,
    pause_similarity: result.pauseSimilarity,
    mispronounced_words: JSON.stringify(result.mispronouncedWords),
    mispronounced_ratio: result.mispronouncedRatio,
    feedback: result.feedback.text[language],
    status: 'completed',
  };
}

function applicationFailureOf(input: SaveFailureInput, learnerMessage: string): ApplicationRow {
  return {
    user_id: input.ids?.userId ?? input.userId,
    content_type_id: input.ids?.contentTypeId ?? null,
    object_id: input.ids?.objectId ?? null,
    audio_file: input.upload.key,
    pitch_similarity: null,
    rhythm_similarity: null,
    speed_ratio: null,
    pause_similarity: null,
    mispronounced_words: '[]',
    mispronounced_ratio: null,
    feedback: learnerMessage,
    status: 'failed',
  };
}
