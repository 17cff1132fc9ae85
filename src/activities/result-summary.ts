import type { ScoreSummary } from '../contract.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';

/** The figures of a result: what travels through Temporal. */
export function resultSummary(result: Omit<ScoringResult, 'versions'>): ScoreSummary {
  return {
    attempt: result.attempt.kind,
    overall: result.overall,
    accuracy: result.accuracy,
    fluency: result.fluency,
    prosody: result.prosody,
    pitchSimilarity: result.pitchSimilarity,
    rhythmSimilarity: result.rhythmSimilarity,
    speedRatio: result.speedRatio,
    pauseSimilarity: result.pauseSimilarity,
    mispronouncedRatio: result.mispronouncedRatio,
  };
}
