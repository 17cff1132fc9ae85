import { confidenceOf } from './confidence.ts';
import type { ScoringResult } from './scoring-result.ts';

/** When a teacher looks at a score before the learner does; one rule that fits is enough. */
export type ReviewRule =
  | { kind: 'lesson'; rule: string; pattern: string }
  | { kind: 'below'; rule: string; figure: ReviewFigure; below: number };

export type ReviewFigure = 'confidence' | 'overall' | 'accuracy' | 'fluency' | 'prosody';

/**
 * The rule that asks for a review of this result, in its own words, and the confidence; null where
 * none does. What has no score is never reviewed: the learner is told at once to record again.
 * `lesson`: `novel/level_2/A Breath of Life`.
 */
export function wantedReview(
  rules: readonly ReviewRule[],
  lesson: string,
  result: ScoringResult,
): { because: string; confidence: number } | null {
  const confidence = confidenceOf(result);
  if (confidence === null) return null;
  const figures = { ...result, confidence };
  const found = rules.find((rule) => {
    if (rule.kind === 'lesson') return matches(rule.pattern, lesson);
    const value = figures[rule.figure];
    return value !== null && value < rule.below;
  });
  return found === undefined ? null : { because: found.rule, confidence };
}

/** `*` stands for any text without a slash. */
function matches(pattern: string, lesson: string): boolean {
  const parts = pattern.split('*').map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`).test(lesson);
}
