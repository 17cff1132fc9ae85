/** Persists a result: our row and the application's, in one transaction, exactly once. */
import type { SavedScoring, SaveScoreInput } from '../contract.ts';
import { overrideScores } from '../scoring/override-scores.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import type { ActivityDependencies } from './ports.ts';

export function createSaveScore(
  deps: Pick<ActivityDependencies, 'analyses' | 'scorings' | 'notifier'>,
) {
  return async function saveScore(input: SaveScoreInput): Promise<SavedScoring> {
    const kept = (await deps.analyses.get(input.resultKey)) as ScoringResult;
    const scores = input.review?.scores ?? null;
    const result = scores === null ? kept : overrideScores(kept, scores);
    const saved = await deps.scorings.saveScore(input, result);
    return deps.notifier === null ? saved : { ...saved, notify: true };
  };
}
