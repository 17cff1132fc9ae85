/** Notes that a scoring waits for a teacher; repeating changes nothing. */
import type { OpenReviewInput } from '../contract/review.ts';
import type { ActivityDependencies } from './ports.ts';

export function createOpenReview(deps: Pick<ActivityDependencies, 'reviews'>) {
  return async function openReview(input: OpenReviewInput): Promise<void> {
    await deps.reviews.store.open(input);
  };
}
