import type { AlignedWord } from './analyses.ts';
import type { SentenceJudgement } from './model/judge-sentence.ts';

/** Words and phones scoring lower are marked as mispronounced. */
export const PASS_SCORE = 60;
/** Words from here on are clear, a mark of 9 of 10; between the two, from 7.7 on, almost so. */
export const CLEAR_SCORE = 80;
/** From the word model's scale of about 0–10. */
const POINTS = 10;
/** A single phone varies more than a word: it takes two standard deviations to fall to 60. */
const PHONE_MISPRONOUNCED_BELOW = -2;
const PHONE_POINTS_PER_SD = 18;

export interface WordEvidence {
  /** 0–100, whole. */
  score: number;
  /** Per phone, 0–100, whole. */
  phoneScores: number[];
  /** Mean goodness z-score of the word's own phones, −6 to 6. */
  goodness: number;
}

/**
 * How well each word was pronounced, from the acoustics alone. Null for a word without phones.
 *
 * The score is the word model's value: the experts' mark squared, divided by 10, in points of 100,
 * so that it tells the few poor words apart from the many good ones; 60 is a mark of 7.7. Speakers
 * not fitted on: Pearson .60 with experts' marks, AUC .91 between marks of at most 5 and at least 9;
 * below 60 two of three words were marked 5 or less, and two of a hundred good words are there.
 * Phones are compared by the log posterior of the expected phone (by goodness, without evidence); one
 * phone alone is a hint.
 */
export function wordEvidence(
  words: readonly AlignedWord[],
  { wordValues, phoneDeviations }: Pick<SentenceJudgement, 'wordValues' | 'phoneDeviations'>,
): (WordEvidence | null)[] {
  let next = 0;
  return words.map((word, index) => {
    const own = word.phones.map(() => next++);
    if (own.length === 0) return null;
    const goodness = own.map((phone) => phoneDeviations.goodness[phone] ?? 0);
    return {
      score: whole((wordValues[index] ?? 0) * POINTS),
      phoneScores: own.map((phone, at) => {
        const posterior = phoneDeviations.posterior[phone] ?? NaN;
        const z = Number.isNaN(posterior) ? (goodness[at] ?? 0) : posterior;
        return whole(PASS_SCORE + (z - PHONE_MISPRONOUNCED_BELOW) * PHONE_POINTS_PER_SD);
      }),
      goodness: goodness.reduce((sum, z) => sum + z, 0) / own.length,
    };
  });
}

/** Rounded down, so that no word below the threshold shows as a pass. */
function whole(points: number): number {
  return Math.floor(Math.min(100, Math.max(0, points)));
}
