/** A finished scoring as the database keeps it. */
import type { Database } from '../adapters/postgres.ts';
import { BY_GIVEN_ID, givenIdValues } from '../adapters/scoring-columns.ts';
import type { FinalStatus } from '../contract.ts';
import type { StandardFinding } from '../scoring/check-standard.ts';
import type { Language, Text } from '../scoring/messages/message.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';

/** Rows of older versions do not say what they were made with. */
export type StoredResult = Omit<ScoringResult, 'versions'> &
  Partial<Pick<ScoringResult, 'versions'>>;

export interface StoredScoring {
  id: string;
  object_key: string;
  content_type: string;
  level: number;
  title: string;
  line: number;
  sentence: string | null;
  status: FinalStatus;
  failure_code: string | null;
  failure_message: string | null;
  result: StoredResult | null;
  workflow_id: string;
  application_row_id: string | null;
  attempts: number;
  finished_at: Date;
}

/** By scoring id, the beginning of one (8 digits or more), or workflow id. */
export async function findScorings(database: Database, id: string): Promise<StoredScoring[]> {
  return database.query<StoredScoring & Record<string, unknown>>(
    `select * from elocute.scoring where ${BY_GIVEN_ID} limit 2`,
    givenIdValues(id),
  );
}

/** What `--json` shows of a row: the same names as the progress of a running scoring. */
export function shownScoring(scoring: StoredScoring) {
  return {
    id: scoring.id,
    workflowId: scoring.workflow_id,
    status: scoring.status,
    objectKey: scoring.object_key,
    contentType: scoring.content_type,
    level: scoring.level,
    title: scoring.title,
    line: scoring.line,
    sentence: scoring.sentence,
    failureCode: scoring.failure_code,
    failureMessage: scoring.failure_message,
    result: scoring.result,
    attempts: scoring.attempts,
    applicationRowId: scoring.application_row_id,
    finishedAt: scoring.finished_at,
  };
}

/** All advice as one text; rows of schema 1 have it in English only. */
export function feedbackTextOf(result: StoredResult, language: Language): string {
  return inLanguage(result.feedback.text, language);
}

/** What is wrong with the standard; rows of schema 1 do not know. */
export function findingsOf(result: Partial<StoredResult>): StandardFinding[] {
  return result.standardCheck ?? [];
}

/** The most important advice; null where there is none. */
export function firstAdviceOf(result: StoredResult, language: Language): string | null {
  const [first] = result.feedback.advice;
  return first === undefined ? null : inLanguage(first.text, language);
}

function inLanguage(text: Text | string, language: Language): string {
  return typeof text === 'string' ? text : text[language];
}
