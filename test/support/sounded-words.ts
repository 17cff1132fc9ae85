/** Words with the pronunciations of the shipped lexicon, for tests of how words are matched. */
import { createLexicon } from '../../src/adapters/lexicon.ts';
import { pronouncer } from '../../src/adapters/pronounce-words.ts';
import type { AlignedWord, Transcript } from '../../src/scoring/analyses.ts';
import type { MatchableWord } from '../../src/scoring/match-words.ts';
import type { Pronunciations } from '../../src/scoring/pronunciations.ts';
import { spokenWords } from '../../src/scoring/sentence.ts';
import { isVowel, syllabify } from '../../src/scoring/syllables.ts';

const pronounce = pronouncer(createLexicon());

export function pronunciationsOf(...texts: string[]): Pronunciations {
  return pronounce(texts.flatMap(spokenWords));
}

/** Without times. */
export function sounded(text: string): MatchableWord[] {
  const known = pronunciationsOf(text);
  return spokenWords(text).map((word) => ({
    text: word,
    ways: known[word] ?? [],
    startS: null,
    endS: null,
  }));
}

/** Every word of `text` said well, half a second each. */
export function saidWell(text: string): AlignedWord[] {
  const known = pronunciationsOf(text);
  return spokenWords(text).map((word, index) => {
    const [way = []] = known[word] ?? [];
    const stepS = 0.5 / Math.max(1, way.length);
    const phones = way.map((phone, at) => ({
      phone,
      stress: isVowel(phone) ? (1 as const) : null,
      startS: index / 2 + at * stepS,
      endS: index / 2 + (at + 1) * stepS,
      goodness: -5,
    }));
    return {
      text: word,
      startS: index / 2,
      endS: (index + 1) / 2,
      phones,
      syllables: syllabify(phones),
    };
  });
}

/** As a recogniser writes it, a token between spaces each, half a second each. */
export function heardAs(
  text: string,
  recogniser: NonNullable<Transcript['recogniser']> = 'google',
  confidence: number | null = null,
): Transcript {
  const words = text.split(' ').filter((token) => token !== '');
  return {
    recogniser,
    text,
    words: words.map((token, index) => ({
      text: token,
      startS: index / 2,
      endS: (index + 1) / 2,
      confidence,
    })),
  };
}
