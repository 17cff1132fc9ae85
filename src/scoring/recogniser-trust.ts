/** How far each recogniser's word is taken. Their confidences are never compared or mixed. */
import type { Transcript } from './analyses.ts';

export interface RecogniserTrust {
  /** Does a word in another's place count against the pronunciation? */
  hearsOtherWords: boolean;
  /**
   * Such a word does not count where its confidence is below this and the acoustics are clearly
   * good. Null: its confidence says nothing that the acoustics do not say.
   */
  doubtedBelow: number | null;
}

/** Acoustic score of a word (0–100) from which on it is clearly good. */
export const CLEARLY_GOOD = 80;

/**
 * `google` recognises freely and does not know the sentence: another word is evidence against the
 * pronunciation. Its language model also changes words that were said well, mostly rare names; then
 * its confidence is low. 0.5 is its own even chance and 80 well above the pass of 60, near the 95 of
 * average good speech. Neither is fitted: Google's output for rated recordings is not at hand, so
 * the rule only ever spares a word, and a confidence that was not set (null) changes nothing.
 *
 * `offline` only ever hears words of the sentence: in a skip grammar it keeps .98–1.00 of native
 * words, .96 of good learners' and .52 of poor ones', finds 11–12 of 12 omissions and 9–14 of 20
 * replaced words. What it hears in another's place is an artefact of laying a repeated word. Its
 * confidence is a function of the same goodness that the acoustic score is made of, so counting it
 * would count that twice. What it misses is asked of the acoustics (words.ts).
 */
const TRUST: Record<NonNullable<Transcript['recogniser']>, RecogniserTrust> = {
  google: { hearsOtherWords: true, doubtedBelow: 0.5 },
  offline: { hearsOtherWords: false, doubtedBelow: null },
};

/** Transcripts kept by older versions do not say whose they are: then confidence is not read. */
const UNKNOWN: RecogniserTrust = { hearsOtherWords: true, doubtedBelow: null };

export function trustIn({ recogniser }: Transcript): RecogniserTrust {
  return recogniser === undefined ? UNKNOWN : TRUST[recogniser];
}

/**
 * Does hearing another word speak against the pronunciation? `confidence` is the recogniser's in
 * that word, 0–1 or null; `acousticScore` 0–100, null where there are no phones.
 */
export function countsAgainst(
  trust: RecogniserTrust,
  confidence: number | null,
  acousticScore: number | null,
): boolean {
  if (!trust.hearsOtherWords) return false;
  const isDoubted =
    trust.doubtedBelow !== null && confidence !== null && confidence < trust.doubtedBelow;
  return !(isDoubted && acousticScore !== null && acousticScore >= CLEARLY_GOOD);
}
