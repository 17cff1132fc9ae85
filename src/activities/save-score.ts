/** Persists a result: our row and the application's, in one transaction, exactly once. */
import type { SavedScoring, SaveScoreInput } from '../contract.ts';
import type { ReviewEnd } from '../contract/review.ts';
import { overrideScores } from '../scoring/override-scores.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import type { ActivityDependencies } from './ports.ts';

export function createSaveScore(
  deps: Pick<ActivityDependencies, 'analyses' | 'scorings' | 'notifier'>,
) {
  return async function saveScore(input: SaveScoreInput): Promise<SavedScoring> {
    const kept = (await deps.analyses.get(input.resultKey)) as ScoringResult;
    const result = withReview(kept, input.review);
    const saved = await deps.scorings.saveScore(input, result);
    return deps.notifier === null ? saved : { ...saved, notify: true };
  };
}

function withReview(result: ScoringResult, review: ReviewEnd | undefined): ScoringResult {
  if (review?.scores == null) return result;
  return overrideScores(result, review.scores, review.decidedAtMs);
}
