import type { ScoredWord } from '../scoring/scoring-result.ts';

/** How a word or a sound came out, in the order from good to bad; shown by colour and by shape. */
export type Grade = 'clear' | 'fair' | 'practise' | 'omitted' | 'inserted';

/** Experts' marks squared: 81 is a mark of 9 of 10, 60 of 7.7 (docs/scoring.md). */
const CLEAR_FROM = 80;
const FAIR_FROM = 60;

export function gradeOf({ kind, score }: Pick<ScoredWord, 'kind' | 'score'>): Grade {
  if (kind === 'omitted' || kind === 'inserted') return kind;
  if (kind === 'mispronounced') return 'practise';
  return score === null || score >= CLEAR_FROM ? 'clear' : 'fair';
}

/** The same steps for a single sound. */
export function soundGradeOf(score: number): Grade {
  if (score >= CLEAR_FROM) return 'clear';
  return score >= FAIR_FROM ? 'fair' : 'practise';
}
