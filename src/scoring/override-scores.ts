import { rounded } from './rounded.ts';
import type { ScoringResult } from './scoring-result.ts';

export type OverriddenScores = Partial<
  Record<'overall' | 'accuracy' | 'fluency' | 'prosody', number>
>;

/** The result with a teacher's scores in place of ours; everything else stays as it was measured. */
export function overrideScores(result: ScoringResult, scores: OverriddenScores): ScoringResult {
  const given = Object.entries(scores).map(([name, value]) => [name, rounded(value, 1)]);
  return { ...result, ...(Object.fromEntries(given) as OverriddenScores) };
}
