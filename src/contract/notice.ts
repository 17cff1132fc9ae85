/** What the application is told when a scoring ends. */
import type { FinalStatus, ScoreSummary } from '../contract.ts';
import type { FailureCode } from '../failures.ts';

export interface Notice {
  /** `reviewed`: completed, and a teacher has decided. */
  type: 'completed' | 'failed' | 'superseded' | 'reviewed';
  scoringId: string;
  /** Tells a failure from the same one after a replay; absent where an older workflow asks. */
  runId?: string;
  status: FinalStatus;
  applicationRowId: string | null;
  summary: ScoreSummary | null;
  failureCode: FailureCode | null;
  occurredAtMs: number;
}
