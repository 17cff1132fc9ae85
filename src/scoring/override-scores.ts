import { scoreNames, type ScoreName } from './model/judge-sentence.ts';
import { rounded } from './rounded.ts';
import type { ScoringResult } from './scoring-result.ts';

export type OverriddenScores = Partial<Record<ScoreName, number>>;

/**
 * The result with a teacher's scores in place of ours, which are the sum of no parts any more;
 * everything else stays as it was measured.
 */
export function overrideScores(
  result: ScoringResult,
  given: OverriddenScores,
  decidedAtMs: number,
): ScoringResult {
  const scores = scoreNames.filter((name) => given[name] !== undefined);
  const set = Object.fromEntries(scores.map((name) => [name, rounded(given[name] ?? null, 1)]));
  const unexplained = Object.fromEntries(scores.map((name) => [name, null]));
  const { contributions } = result;
  return {
    ...result,
    ...set,
    contributions: contributions === null ? null : { ...contributions, ...unexplained },
    teacher: { decidedAtMs, scores },
  };
}
