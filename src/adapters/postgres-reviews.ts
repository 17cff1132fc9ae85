/** Reviews by teachers, in `elocute.review`. */
import type { ReviewStore } from '../activities/ports.ts';
import type { ScoreSummary } from '../contract.ts';
import type { ReviewedScore, ReviewEnd } from '../contract/review.ts';
import type { Database } from './postgres.ts';

/** True of a row of `elocute.scoring` whose scores are a teacher's: no machine may replace them. */
export const OVERRIDDEN = `exists (
  select 1 from elocute.review
  where review.scoring_id = scoring.id and review.run_id = scoring.run_id
    and review.decision = 'overridden')`;

export function createReviewStore(database: Database): ReviewStore {
  return {
    async open({ scoringId, runId, workflowId, lesson, because, confidence, before, endsAtMs }) {
      await database.query(
        `insert into elocute.review (scoring_id, run_id, workflow_id, content_type, level, title,
           line, because, confidence, before, ends_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict do nothing`,
        [
          scoringId,
          runId,
          workflowId,
          lesson.contentType,
          lesson.level,
          lesson.title,
          lesson.line,
          because,
          confidence,
          JSON.stringify(before),
          new Date(endsAtMs).toISOString(),
        ],
      );
    },
  };
}

export interface EndedReview {
  scoringId: string;
  runId: string;
  /** Absent where nobody decided and it did not time out: the scoring was cancelled or failed. */
  review: ReviewEnd | undefined;
  /** What was saved; null where nothing was. */
  after: Pick<ScoreSummary, ReviewedScore> | null;
}

/** Within the transaction that saves the outcome, so that both stand or neither. */
export async function endReview(query: Database['query'], ended: EndedReview): Promise<void> {
  const { scoringId, runId, review, after } = ended;
  if (review !== undefined) await endWith(query, review, ended);
  // Also of its other runs: one that was terminated left its own behind.
  await query(
    `update elocute.review set decision = 'cancelled', after = case run_id when $2 then $3::jsonb end,
       decided_at = now()
     where scoring_id = $1 and decision is null`,
    [scoringId, runId, jsonOf(after)],
  );
}

/**
 * Makes the review that of the run which saves. A run that was reset to a later step carries the
 * decision on, and its review was opened by the run before it.
 */
async function endWith(
  query: Database['query'],
  { decision, reviewer, reason, decidedAtMs }: ReviewEnd,
  { scoringId, runId, after }: EndedReview,
): Promise<void> {
  await query(
    `update elocute.review set run_id = $2, decision = $3, reviewer = $4, reason = $5, after = $6,
       decided_at = $7
     where scoring_id = $1 and run_id = (
       select run_id from elocute.review where scoring_id = $1
       order by run_id = $2 desc, asked_at desc limit 1)`,
    [
      scoringId,
      runId,
      decision,
      reviewer,
      reason,
      jsonOf(after),
      new Date(decidedAtMs).toISOString(),
    ],
  );
}

function jsonOf(scores: EndedReview['after']): string | null {
  return scores === null ? null : JSON.stringify(scores);
}
