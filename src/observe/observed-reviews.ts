/** Counts scorings that begin to wait for a teacher: they have come as far as they can by themselves. */
import type { ReviewStore } from '../activities/ports.ts';
import type { Meter } from './meter.ts';

export function observedReviews(store: ReviewStore, meter: Meter): ReviewStore {
  return {
    ...store,
    async open(input) {
      await store.open(input);
      meter.count('elocute_reviews_opened_total', {});
    },
  };
}
