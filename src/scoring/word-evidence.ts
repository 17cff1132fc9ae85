import type { AlignedWord } from './analyses.ts';
import { phoneDeviations } from './phone-goodness.ts';

/** The utterance's mean weighs as much as this many phones of the word itself. */
const PRIOR_PHONES = 3;
/** Evidence below this speaks for a mispronounced word; there the score is 60. */
const MISPRONOUNCED_BELOW = -1.1;
const WORD_POINTS_PER_SD = 32;
/** A single phone varies more than a word: it takes two standard deviations to fall to 60. */
const PHONE_MISPRONOUNCED_BELOW = -2;
const PHONE_POINTS_PER_SD = 18;

/** Words and phones scoring lower are marked as mispronounced. */
export const PASS_SCORE = 60;

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
 * The evidence is the mean goodness z-score of the word's phones, drawn toward the utterance's mean
 * as if that were three more phones; the score is 60 at −1.1 and rises 32 points per standard
 * deviation. Calibrated on 219 recordings of speechocean762 (1,379 words), telling words that
 * experts marked 5 or less from 9 or more: AUC .83 (.79 without drawing toward the mean); scores
 * below 60 have precision .53 and recall .41 and hit 4 % of the good words. On 989 words of other
 * speakers: AUC .82, precision .58, recall .40, 3 %. So a low score is a hint, not a verdict.
 */
export function wordEvidence(words: readonly AlignedWord[]): (WordEvidence | null)[] {
  const goodness = words.map((word) =>
    phoneDeviations(word).map((deviation) => deviation.goodness),
  );
  const utterance = mean(goodness.flat());
  return goodness.map((own) => {
    if (own.length === 0) return null;
    const evidence =
      (own.reduce((sum, z) => sum + z, 0) + PRIOR_PHONES * utterance) / (own.length + PRIOR_PHONES);
    return {
      score: scored((evidence - MISPRONOUNCED_BELOW) * WORD_POINTS_PER_SD),
      phoneScores: own.map((z) => scored((z - PHONE_MISPRONOUNCED_BELOW) * PHONE_POINTS_PER_SD)),
      goodness: mean(own),
    };
  });
}

/** Rounded down, so that no word below the threshold shows as a pass. */
function scored(pointsAbovePass: number): number {
  return Math.floor(Math.min(100, Math.max(0, PASS_SCORE + pointsAbovePass)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
