/** A scoring as the API shows it. */
import type { ScoringProgress, ScoringStatus } from '../contract.ts';
import { failureOf, isFailureCode, learnerMessage } from '../failures.ts';
import type { FoundScoring } from './find-scoring.ts';
import type { Principal } from './principal.ts';
import { shownProgress } from './shown-progress.ts';
import type { ScoringRow } from './web-ports.ts';

/** How a scoring is shown that ended without a row. */
export const LOST = 'INTERNAL';

interface ShowOptions {
  principal: Principal;
  language: 'en' | 'ko';
}

export function shownScoring(
  found: FoundScoring,
  progress: ScoringProgress | null,
  options: ShowOptions,
) {
  const { id, workflowId, userId, lesson, row } = found;
  const runs = isRunning(found);
  return {
    id,
    workflowId,
    status: statusOf(found, progress),
    userId,
    lesson,
    sentence: row?.sentence ?? null,
    failure: runs ? null : row === null ? lost(options) : failureIn(row, options),
    attempts: row?.attempts ?? 0,
    applicationRowId: row?.applicationRowId ?? null,
    createdAt: row?.createdAt ?? null,
    finishedAt: row?.finishedAt ?? null,
    links: linksOf(id),
    result: row?.result ?? null,
    progress: runs && progress !== null ? shownProgress(progress, options.principal) : null,
  };
}

/** While it runs, its workflow may wait for a teacher; closed without a row, it has failed. */
export function statusOf(found: FoundScoring, progress: ScoringProgress | null): ScoringStatus {
  if (!isRunning(found)) return found.row?.status ?? 'failed';
  return progress?.status === 'reviewing' ? 'reviewing' : 'scoring';
}

/** Also where a failed one is replayed: its row says how it ended before. */
export function isRunning({ row, workflow }: FoundScoring): boolean {
  if (workflow?.running !== true) return false;
  return row === null || workflow.runId !== row.runId;
}

export function listedScoring(row: ScoringRow, options: ShowOptions) {
  const { result } = row;
  return {
    id: row.id,
    workflowId: row.workflowId,
    status: row.status,
    userId: row.userId,
    lesson: row.lesson,
    sentence: row.sentence,
    failure: failureIn(row, options),
    attempts: row.attempts,
    applicationRowId: row.applicationRowId,
    createdAt: row.createdAt,
    finishedAt: row.finishedAt,
    links: linksOf(row.id),
    attempt: row.attemptKind,
    summary:
      result === null
        ? null
        : {
            overall: result.overall ?? null,
            accuracy: result.accuracy ?? null,
            fluency: result.fluency ?? null,
            prosody: result.prosody ?? null,
            completeness: result.completeness ?? null,
            mispronouncedWords: result.mispronouncedWords ?? [],
          },
  };
}

function failureIn(
  { failureCode, failureMessage, status }: ScoringRow,
  { principal, language }: ShowOptions,
) {
  if (failureCode === null) return null;
  const code = isFailureCode(failureCode) ? failureCode : 'INTERNAL';
  const { replayable, operator } = failureOf(code);
  return {
    code: failureCode,
    message: learnerMessage(code, language),
    replayable: status === 'failed' && replayable,
    detail: principal.role === 'operator' ? `${failureMessage ?? ''} ${operator}`.trim() : null,
  };
}

/** Terminated, or its failure could not be stored: it has ended, and there is no row. */
function lost({ principal, language }: ShowOptions) {
  return {
    code: LOST,
    message: learnerMessage(LOST, language),
    replayable: false,
    detail:
      principal.role === 'operator'
        ? 'The workflow ended without a row. `elocute reconcile` starts it again.'
        : null,
  };
}

function linksOf(id: string) {
  const self = `/api/v1/scorings/${id}`;
  return {
    self,
    events: `${self}/events`,
    report: `/scorings/${id}`,
    learnerRecording: `${self}/recordings/learner`,
    standardRecording: `${self}/recordings/standard`,
  };
}
