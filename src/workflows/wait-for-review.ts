/** Between scoring and saving: a teacher is asked where the policy wants one. */
import { patched } from '@temporalio/workflow';
import type { ScoredRecording, ScorePronunciationInput } from '../contract.ts';
import type { ReviewEnd } from '../contract/review.ts';
import { saveOptions } from './activity-options.ts';
import type { Progress } from './progress.ts';
import type { ReviewDesk } from './review-desk.ts';
import { activities, identityOf } from './scoring-activities.ts';

/** Null where no review is wanted. Workers of before saved at once, also where it was. */
export async function waitForReview(
  input: ScorePronunciationInput,
  { summary, review }: ScoredRecording,
  desk: ReviewDesk,
  progress: Progress,
): Promise<ReviewEnd | null> {
  if (review === undefined || !patched('waits-for-review')) return null;
  const { because, confidence, timeoutMs } = review;
  const endsAtMs = Date.now() + timeoutMs;
  const { scoringId, workflowId, runId, lesson } = identityOf(input);
  await activities(saveOptions, 'ask for a review').openReview({
    ...{ scoringId, workflowId, runId, lesson },
    ...{ because, confidence, before: summary, endsAtMs },
  });
  progress.reviewing(summary, { because, untilMs: endsAtMs });
  return progress.step('review', () => desk.wait(summary, timeoutMs));
}
