/** Every path through a review, and through telling the application. */
import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { Activities } from '../../src/activities/index.ts';
import { PROGRESS_QUERY, type ScoringProgress } from '../../src/contract.ts';
import type { ReviewDecision } from '../../src/contract/review.ts';
import { reviewUpdate } from '../../src/workflows/review-desk.ts';
import type { Scenario } from './scenarios.ts';

const DAY_MS = 86_400_000;

export const accept: ReviewDecision = { kind: 'accept', reviewer: 't-17', reason: null };
export const override: ReviewDecision = {
  kind: 'override',
  reviewer: 't-17',
  reason: 'a cold, not an accent',
  scores: { overall: 90.04, fluency: 88 },
};

export function askingForReview(base: Activities, timeoutMs = 90 * DAY_MS): Activities {
  return {
    ...base,
    scoreRecording: async (input) => ({
      ...(await base.scoreRecording(input)),
      review: { because: 'overall<90', confidence: 0.8, timeoutMs },
    }),
  };
}

export function telling(base: Activities): Activities {
  return {
    ...base,
    saveScore: async (input) => ({ ...(await base.saveScore(input)), notify: true }),
    saveFailure: async (input) => ({ ...(await base.saveFailure(input)), notify: true }),
  };
}

/** Resolves once the scoring waits for a teacher. */
export async function untilReviewing(handle: WorkflowHandle): Promise<ScoringProgress> {
  for (;;) {
    const progress = await handle.query<ScoringProgress>(PROGRESS_QUERY);
    if (progress.status === 'reviewing' && isRunning(progress)) return progress;
  }
}

function isRunning({ steps }: ScoringProgress): boolean {
  return steps.some(({ name, state }) => name === 'review' && state === 'running');
}

export function reviewScenarios(base: Activities): Scenario[] {
  const asking = askingForReview(base);
  const told = telling(base);
  const failing = () =>
    Promise.reject(ApplicationFailure.nonRetryable('scripted', 'STANDARD_MISSING'));
  const deciding = (decision: ReviewDecision) => async (handle: WorkflowHandle) => {
    await untilReviewing(handle);
    await handle.executeUpdate(reviewUpdate, { args: [decision] });
  };
  return [
    { name: 'review-accepted', activities: asking, interfere: deciding(accept) },
    { name: 'review-overridden', activities: telling(asking), interfere: deciding(override) },
    { name: 'review-timed-out', activities: askingForReview(base, 50) },
    {
      name: 'review-cancelled',
      activities: asking,
      interfere: async (handle) => {
        await untilReviewing(handle);
        await handle.cancel();
      },
    },
    { name: 'notified', activities: told },
    { name: 'notified-of-failure', activities: { ...told, resolveLesson: failing } },
    {
      name: 'not-notified',
      activities: {
        ...told,
        notifyApplication: () =>
          Promise.reject(ApplicationFailure.nonRetryable('scripted', 'NOTIFY_REFUSED')),
      },
    },
  ];
}
