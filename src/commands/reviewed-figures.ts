import type { ReviewedScore } from '../contract/review.ts';

export const SCORES = ['overall', 'accuracy', 'fluency', 'prosody'] as const;

/** `overall 61, accuracy 70, fluency –, prosody 55`. */
export function figuresOf(scores: Partial<Record<ReviewedScore, number | null>>): string {
  return SCORES.map((name) => `${name} ${scores[name] ?? '–'}`).join(', ');
}
