import { spokenWords } from './sentence.ts';

/** Punctuation at which a reader may pause, followed by a space; dashes may stand between words. */
const CLAUSE_END = /[,;:.!?…]["'”’)]*\s+|\s+[-–—]+\s+|—/;

/**
 * Indices of the words after which the text has punctuation, such as the comma of "Yes, please".
 * `words` are the normalised words of the whole sentence; where the pieces do not give the same
 * words ("at 5 p. m. today"), none are returned.
 */
export function clauseEnds(sentence: string, words: readonly string[]): Set<number> {
  const pieces = sentence.split(CLAUSE_END).map(spokenWords);
  if (pieces.flat().join(' ') !== words.join(' ')) return new Set();
  const ends = new Set<number>();
  let count = 0;
  for (const piece of pieces) {
    count += piece.length;
    if (count > 0) ends.add(count - 1);
  }
  return ends;
}
