/** What of a scoring's progress is shown to whom: no learner sees scores that a teacher may change. */
import type { ScoringProgress } from '../contract.ts';
import type { Principal } from './principal.ts';

export interface ShownProgress extends Omit<ScoringProgress, 'review'> {
  /** `because` is for teachers: the rule names the score that it looked at. */
  review?: { because?: string; untilMs: number };
}

export function shownProgress(
  progress: ScoringProgress,
  { role }: Pick<Principal, 'role'>,
): ShownProgress {
  const { review, ...shown } = progress;
  if (role !== 'learner' || review === undefined) return progress;
  return {
    ...shown,
    summary: shown.status === 'reviewing' ? null : shown.summary,
    review: { untilMs: review.untilMs },
  };
}
