/** Where a teacher's decision arrives: the update `review`, refused unless the scoring waits. */
import { ApplicationFailure } from '@temporalio/common';
import { condition, defineUpdate, setHandler } from '@temporalio/workflow';
import type { ScoreSummary } from '../contract.ts';
import {
  REVIEW_UPDATE,
  reviewProblems,
  type ReviewAnswer,
  type ReviewDecision,
  type ReviewEnd,
  type ReviewScores,
} from '../contract/review.ts';

export const reviewUpdate = defineUpdate<ReviewAnswer, [ReviewDecision]>(REVIEW_UPDATE);

export interface ReviewDesk {
  /** Resolves with the decision, or with the machine's score once the time is over. */
  wait(before: ScoreSummary, timeoutMs: number): Promise<ReviewEnd>;
}

export function openReviewDesk(): ReviewDesk {
  let waiting: ScoreSummary | null = null;
  let end: ReviewEnd | null = null;
  const check = (decision: ReviewDecision): ScoreSummary => {
    const problems = reviewProblems(decision);
    if (end !== null) problems.unshift(`it was ${end.decision} already`);
    else if (waiting === null) problems.unshift('the scoring does not wait for a review');
    if (waiting !== null && problems.length === 0) return waiting;
    throw ApplicationFailure.nonRetryable(problems.join('; '), 'REVIEW_REFUSED');
  };
  const decide = (decision: ReviewDecision): ReviewAnswer => {
    // Of two that arrive together, both have passed the validator.
    const before = check(decision);
    end = endOf(decision);
    const after = withScores(before, end.scores);
    return { decision: end.decision, before, after } as ReviewAnswer;
  };
  setHandler(reviewUpdate, decide, {
    validator: (decision: ReviewDecision) => void check(decision),
  });
  return {
    async wait(before, timeoutMs) {
      waiting = before;
      try {
        await condition(() => end !== null, timeoutMs);
      } finally {
        // Cancelled: whoever decides from now on must hear that it came too late.
        waiting = null;
      }
      end ??= { ...NOBODY, decidedAtMs: Date.now() };
      return end;
    },
  };
}

const NOBODY = { decision: 'timed_out', reviewer: null, reason: null, scores: null } as const;

function endOf(decision: ReviewDecision): ReviewEnd {
  const { reviewer, reason } = decision;
  const common = { reviewer, reason: reason ?? null, decidedAtMs: Date.now() };
  return decision.kind === 'accept'
    ? { decision: 'accepted', scores: null, ...common }
    : { decision: 'overridden', scores: oneDecimal(decision.scores), ...common };
}

function oneDecimal(scores: ReviewScores): ReviewScores {
  const entries = Object.entries(scores).map(([name, score]) => [
    name,
    Math.round(score * 10) / 10,
  ]);
  return Object.fromEntries(entries) as ReviewScores;
}

export function withScores(summary: ScoreSummary, scores: ReviewScores | null): ScoreSummary {
  return { ...summary, ...scores };
}
