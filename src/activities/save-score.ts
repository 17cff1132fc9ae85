/** Persists a result: our row and the application's, in one transaction, exactly once. */
import type { SavedScoring, SaveScoreInput } from '../contract.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import type { ActivityDependencies } from './ports.ts';

export function createSaveScore(deps: Pick<ActivityDependencies, 'analyses' | 'scorings'>) {
  return async function saveScore(input: SaveScoreInput): Promise<SavedScoring> {
    const result = (await deps.analyses.get(input.resultKey)) as ScoringResult;
    return deps.scorings.saveScore(input, result);
  };
}
