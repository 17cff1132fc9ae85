/** The lexicon's pronunciations of many words, as the scorer reads them. */
import type { Pronunciations } from '../scoring/pronunciations.ts';
import { SentenceError } from '../scoring/sentence-error.ts';
import type { Lexicon } from './lexicon.ts';

/** Words that nobody can pronounce are left out: a recogniser may write anything. */
export function pronouncer(lexicon: Lexicon): (words: readonly string[]) => Pronunciations {
  return (words) => {
    const found: [string, string[][]][] = [];
    for (const word of new Set(words)) {
      try {
        found.push([word, lexicon.pronunciations(word).map(({ phones }) => phones)]);
      } catch (error) {
        if (!(error instanceof SentenceError)) throw error;
      }
    }
    return Object.fromEntries(found);
  };
}
