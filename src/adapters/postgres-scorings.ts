/** Outcomes: our row and the application's row, in one transaction, once per upload. */
import type { KnownUpload, ScoringStore } from '../activities/ports.ts';
import type {
  FinalStatus,
  SavedScoring,
  SaveFailureInput,
  SaveScoreInput,
  ScoreSummary,
} from '../contract.ts';
import type { ReviewedScore } from '../contract/review.ts';
import { ElocuteError, learnerMessage } from '../failures.ts';
import { unusableStandard } from '../scoring/check-standard.ts';
import type { Language } from '../scoring/messages/message.ts';
import { FORMULA_VERSION } from '../scoring/score.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import {
  placeOutcome,
  placeSuperseded,
  type Place,
  type SupersededTexts,
} from './application-places.ts';
import {
  ApplicationRowRefused,
  checkApplicationRows,
  type ApplicationRow,
} from './application-row.ts';
import { endReview } from './postgres-reviews.ts';
import { saveStandardCheck, type StandardCheck } from './postgres-standards.ts';
import type { Database } from './postgres.ts';
import {
  applicationFailure,
  applicationScore,
  failureOutcome,
  identityColumns,
  MESSAGE_LIMIT,
  scoreOutcome,
  type Outcome,
  type SaveInput,
} from './scoring-row.ts';
import { isNewer, siblingScorings, stands } from './sibling-scorings.ts';

/** `language`: of the advice and of the failures in the application's row. */
export function createScoringStore(database: Database, language: Language = 'en'): ScoringStore {
  return {
    async find(scoringId, object) {
      const [own] = await database.query<Record<string, unknown> & NonNullable<KnownUpload['own']>>(
        `select status, application_row_id as "applicationRowId", result,
           failure_code as "failureCode"
         from elocute.scoring where id = $1`,
        [scoringId],
      );
      const siblings = await siblingScorings(database.query, scoringId, object);
      return { own: own ?? null, standing: siblings.filter(stands) };
    },
    saveScore: (input, result) =>
      save(database, language, {
        input,
        outcome: scoreOutcome(input, result),
        application: applicationScore(input, result, language),
        check: standardOf(input, result),
        scores: scoresOf(result),
      }),
    saveFailure: (input) =>
      save(database, language, {
        input,
        outcome: failureOutcome(input),
        application: applicationFailure(input, language),
        check: badStandardOf(input),
        scores: null,
      }),
  };
}

interface Saving {
  input: SaveInput;
  outcome: Outcome;
  application: ApplicationRow;
  check: StandardCheck | null;
  /** What a review of it ends with. */
  scores: Pick<ScoreSummary, ReviewedScore> | null;
}

interface ExistingScoring {
  status: FinalStatus;
  run_id: string;
  application_row_id: string | null;
  attempts: number;
}

async function save(
  database: Database,
  language: Language,
  { input, outcome, application, check, scores }: Saving,
): Promise<SavedScoring> {
  return database.transaction(async (query) => {
    // Scorings of one key (a replaced recording) must not both take the row that waits there.
    await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [input.upload.key]);
    const [existing] = await query<ExistingScoring & Record<string, unknown>>(
      `select status, run_id, application_row_id, attempts from elocute.scoring
       where id = $1 for update`,
      [input.scoringId],
    );
    if (existing !== undefined && isFinal(existing, input, outcome)) {
      const { application_row_id: applicationRowId, status } = existing;
      return { applicationRowId, changed: false, status };
    }
    const version = {
      sequencer: input.upload.sequencer,
      objectModifiedAtMs: input.objectModifiedAtMs ?? null,
    };
    const siblings = await siblingScorings(query, input.scoringId, input.upload);
    const overtaken = siblings.some((one) => stands(one) && isNewer(one, version));
    const status = overtaken ? 'superseded' : outcome.status;
    const place = {
      audioFile: input.upload.key,
      knownId: existing?.application_row_id ?? null,
      version,
      siblings,
    };
    const texts = {
      replaced: learnerMessage('UPLOAD_REPLACED', language),
      deleted:
        outcome.failure_code === 'UPLOAD_GONE' ? learnerMessage('UPLOAD_GONE', language) : null,
    };
    const written = await writeUnlessRefused(query, place, status, application, texts);
    const columns = {
      ...identityColumns(input),
      ...outcome,
      status,
      application_row_id: written.rowId,
      failure_message: withRefusal(outcome.failure_message, written.refusal),
    };
    await upsert(query, columns, existing?.attempts ?? 0);
    const { scoringId, runId, review } = input;
    await endReview(query, { scoringId, runId, review, after: scores });
    // Last, because scorings of one lesson meet in this row.
    if (check !== null) await saveStandardCheck(query, check);
    return { applicationRowId: written.rowId, changed: true, status };
  });
}

/**
 * A score that the application cannot read is not saved: it is a failure, which can be replayed. Any
 * other outcome is kept in our row even then, since it would be known nowhere else.
 */
async function writeUnlessRefused(
  query: Database['query'],
  place: Place,
  status: FinalStatus,
  row: ApplicationRow,
  texts: SupersededTexts,
): Promise<{ rowId: string | null; refusal: string | null }> {
  await query('savepoint application_row');
  try {
    const rowId =
      status === 'superseded'
        ? await placeSuperseded(query, place, texts)
        : await placeOutcome(query, row, place, texts.replaced);
    await checkApplicationRows(query);
    return { rowId, refusal: null };
  } catch (error) {
    if (status === 'completed' || !(error instanceof ApplicationRowRefused)) throw error;
    await query('rollback to savepoint application_row');
    return { rowId: place.knownId, refusal: error.message };
  }
}

/** The refusal is said once, also where it is the failure itself. */
function withRefusal(message: string | null, refusal: string | null): string | null {
  if (refusal === null || message?.includes(refusal) === true) return message;
  if (message === null) return refusal;
  return `${message.slice(0, MESSAGE_LIMIT - refusal.length - 2)}; ${refusal}`;
}

/**
 * A score stays, and so does what was superseded; a failure stays where the same run reports it again
 * (a retry after the commit).
 */
function isFinal(existing: ExistingScoring, input: SaveInput, outcome: Outcome): boolean {
  if (existing.status !== 'failed') return true;
  return outcome.status !== 'completed' && existing.run_id === input.runId;
}

/**
 * The primary key carries the promise, and not the lock: whoever finds the row changed since it was
 * read takes back all it did, the application's row included, and looks again on the next attempt.
 */
async function upsert(
  query: Database['query'],
  columns: Record<string, unknown>,
  attemptsSeen: number,
): Promise<void> {
  const names = Object.keys(columns);
  const placeholders = names.map((_, index) => `$${index + 1}`);
  const updates = names.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`);
  const written = await query(
    `insert into elocute.scoring (${names.join(', ')}) values (${placeholders.join(', ')})
     on conflict (id) do update set ${updates.join(', ')},
       attempts = elocute.scoring.attempts + 1, finished_at = now(), updated_at = now()
     where elocute.scoring.attempts = $${names.length + 1}
     returning id`,
    [...Object.values(columns), attemptsSeen],
  );
  if (written.length > 0) return;
  throw new ElocuteError(
    'DATABASE_UNAVAILABLE',
    'this scoring was saved by another at this moment',
  );
}

function standardOf({ standard }: SaveScoreInput, result: ScoringResult): StandardCheck | null {
  if (standard === undefined) return null;
  return { standard, findings: result.standardCheck, formulaVersion: result.formulaVersion };
}

function badStandardOf({ standard, code }: SaveFailureInput): StandardCheck | null {
  if (!standard || code !== 'STANDARD_UNUSABLE') return null;
  return { standard, findings: [unusableStandard()], formulaVersion: FORMULA_VERSION };
}

function scoresOf({ overall, accuracy, fluency, prosody }: ScoringResult) {
  return { overall, accuracy, fluency, prosody };
}
