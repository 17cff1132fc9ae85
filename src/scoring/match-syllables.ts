import type { AlignedPhone, AlignedSyllable } from './analyses.ts';
import type { Timing } from './timing.ts';

export interface SyllableInTime {
  syllable: AlignedSyllable;
  vowel: AlignedPhone;
}

/** The same syllable in both recordings. */
export interface MatchedSyllable {
  /** Index of the word in the sentence. */
  word: number;
  learner: SyllableInTime;
  standard: SyllableInTime;
}

/**
 * Pairs the syllables of both recordings by (word index, syllable index), in order. Words that
 * were aligned with variants of different vowel counts ("every" with two and three) are left out:
 * their syllables do not correspond.
 */
export function matchSyllables(
  learner: Pick<Timing, 'words'>,
  standard: Pick<Timing, 'words'>,
): MatchedSyllable[] {
  return learner.words.flatMap((word, index) => {
    const other = standard.words[index];
    if (other?.text !== word.text || other.syllables.length !== word.syllables.length) return [];
    return word.syllables.flatMap((syllable, position) => {
      const partner = other.syllables[position];
      const vowel = word.phones[syllable.vowel];
      const partnerVowel = partner && other.phones[partner.vowel];
      if (!partner || !vowel || !partnerVowel) return [];
      return {
        word: index,
        learner: { syllable, vowel },
        standard: { syllable: partner, vowel: partnerVowel },
      };
    });
  });
}
