/** Failed scorings as the database keeps them, whatever Temporal still knows. */
import type { FinalStatus, LessonLine, ScorePronunciationInput } from '../contract.ts';
import type { FailureCode } from '../failures.ts';

export interface FailedFilter {
  codes?: FailureCode[];
  contentType?: string;
  level?: number;
  title?: string;
  line?: number;
  /** ISO 8601: failed at or after it. */
  since?: string;
  /** ISO 8601: failed before it. */
  until?: string;
}

/** A row as a replay sees it; `input` is what its workflow would be started with. */
export interface ReplayableScoring {
  scoringId: string;
  workflowId: string;
  /** The run that left the row as it is. */
  runId: string;
  status: FinalStatus;
  code: string | null;
  lesson: LessonLine;
  attempts: number;
  /** ISO 8601. */
  finishedAt: string;
  input: ScorePronunciationInput;
}

export interface FailedScorings {
  /** The latest first. */
  list(filter: FailedFilter, limit: number): Promise<ReplayableScoring[]>;
  /**
   * The oldest first, without those that failed with one of `except`, so that a limit is spent on what
   * can be replayed; what a replay was started for since it failed comes last. null: no limit.
   */
  toReplay(
    filter: FailedFilter,
    limit: number | null,
    except: readonly FailureCode[],
  ): Promise<ReplayableScoring[]>;
  countByCode(filter: FailedFilter): Promise<{ code: string; count: number }[]>;
  /** By scoring id, its beginning (8 digits or more) or workflow id; two where it is ambiguous. */
  find(id: string): Promise<ReplayableScoring[]>;
  /** How they stand now, by scoring id: rows, and runs that wait for a teacher and have none yet. */
  standing(ids: readonly string[]): Promise<RunOutcome[]>;
}

export interface RunOutcome {
  scoringId: string;
  runId: string;
  status: FinalStatus | 'reviewing';
  code: string | null;
}

/** A filter without any condition would mean everything. */
export function isEmptyFilter(filter: FailedFilter): boolean {
  return Object.values(filter).every((value: unknown) => value === undefined);
}
