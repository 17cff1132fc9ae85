/** Acoustic evidence made from goodness alone, for tests of what is made of evidence. */
import type { AlignedWord } from '../../src/scoring/analyses.ts';
import { PASS_SCORE, type WordEvidence } from '../../src/scoring/word-evidence.ts';
import { scoreWords, type WordsInput } from '../../src/scoring/words.ts';

/** Goodness of good speech, nats per frame: mean and standard deviation. */
const MEAN = -5.2;
const SD = 2.3;

/** A mean goodness of good speech scores 95, one standard deviation is 32 points. */
export function goodnessEvidence(words: readonly AlignedWord[]): (WordEvidence | null)[] {
  const score = (z: number) => Math.floor(Math.min(100, Math.max(0, PASS_SCORE + (z + 1.1) * 32)));
  return words.map(({ phones }) => {
    if (phones.length === 0) return null;
    const z = phones.map(({ goodness }) => (goodness - MEAN) / SD);
    const mean = z.reduce((sum, one) => sum + one, 0) / z.length;
    return { score: score(mean), phoneScores: z.map(score), goodness: mean };
  });
}

export function scoreByGoodness(input: Omit<WordsInput, 'evidence'>) {
  return scoreWords({ ...input, evidence: goodnessEvidence(input.aligned) });
}
