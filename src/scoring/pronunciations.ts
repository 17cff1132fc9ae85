import type { Alignment, Transcript } from './analyses.ts';
import { spokenWords } from './sentence.ts';

/**
 * How words are said: all usual ways, the most usual first, as ARPAbet without stress digits. By
 * word as `spokenWords` writes it. A word that nobody can pronounce is missing.
 */
export type Pronunciations = Readonly<Record<string, readonly (readonly string[])[]>>;

/** More different words than this nobody says in the longest recording. */
const MOST_WORDS = 1_000;

/** The ways to say `word`; none where they are not known. */
export function waysToSay(
  word: string,
  pronunciations: Pronunciations,
): readonly (readonly string[])[] {
  // A word such as "constructor" is no property of the record unless it was put there.
  return Object.hasOwn(pronunciations, word) ? (pronunciations[word] ?? []) : [];
}

/**
 * The words whose pronunciations tell what was said: those of the sentence and those that were
 * heard, each once, at most 1,000. None where nothing is laid over the sentence.
 */
export function wordsToPronounce(alignment: Alignment, transcript: Transcript | null): string[] {
  if (alignment.kind === 'unaligned' || transcript === null) return [];
  const words = new Set(alignment.words.map((word) => word.text));
  for (const { text } of transcript.words) {
    for (const word of spokenWords(text)) words.add(word);
  }
  return [...words].slice(0, MOST_WORDS);
}
