/** How far a scoring moves from one result to the other. */
import type { RescoredFigures } from './batch.ts';

/** The scores of 0–100: a move is in their points. */
export const SCORES = ['overall', 'accuracy', 'fluency', 'prosody'] as const;

/** A score that appears or vanishes (the attempt is refused now, or no longer) moves all the way. */
const WHOLE_SCALE = 100;

/** Points that the score that moves most moves by, one decimal. */
export function scoreMove(before: RescoredFigures, after: RescoredFigures): number {
  return Math.max(...SCORES.map((score) => moveOf(before[score], after[score])));
}

function moveOf(before: number | null, after: number | null): number {
  if (before === null && after === null) return 0;
  if (before === null || after === null) return WHOLE_SCALE;
  return Math.round(Math.abs(after - before) * 10) / 10;
}
