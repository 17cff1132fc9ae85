import type { ScoredWord } from '../scoring/scoring-result.ts';
import { CLEAR_SCORE, PASS_SCORE } from '../scoring/word-evidence.ts';

/** How a word or a sound came out, in the order from good to bad; shown by colour and by shape. */
export type Grade = 'clear' | 'fair' | 'practise' | 'omitted' | 'inserted';

export function gradeOf({ kind, score }: Pick<ScoredWord, 'kind' | 'score'>): Grade {
  if (kind === 'omitted' || kind === 'inserted') return kind;
  if (kind === 'mispronounced') return 'practise';
  return score === null || score >= CLEAR_SCORE ? 'clear' : 'fair';
}

/** The same steps for a single sound. */
export function soundGradeOf(score: number): Grade {
  if (score >= CLEAR_SCORE) return 'clear';
  return score >= PASS_SCORE ? 'fair' : 'practise';
}
