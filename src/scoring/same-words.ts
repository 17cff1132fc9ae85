/** Where neighbouring words of the sentence and neighbouring heard words are the same speech. */
import { isSpareAnd, spellingsOf } from './spellings.ts';

export interface SoundedWord {
  /** As `spokenWords` writes it. */
  text: string;
  /** The ways to say it, the most usual first; none where they are not known. */
  ways: readonly (readonly string[])[];
}

/** How many words of the sentence and how many heard ones may be taken together. */
export const SHAPES: readonly (readonly [sentence: number, heard: number])[] = [
  [1, 1],
  [1, 2],
  [2, 1],
  [1, 3],
  [3, 1],
  [2, 2],
  [2, 3],
  [3, 2],
];

/** Of words with more ways to say them, the rarest are left out. */
const MOST_WAYS = 4;
const MOST_WORDS = 3;

/**
 * For word `i` of the sentence and heard word `j`, `flags[i * heard.length + j]` has bit `s` set
 * where the words of shape `s` that begin there are written the same way when joined (in one
 * spelling, contractions written out) or can be said with the same phones: `their` and `there`,
 * `I'm` and `I am`, `toystore` and `toy store`, `ice cream` and `I scream`.
 */
export function sameWords(
  sentence: readonly SoundedWord[],
  heard: readonly SoundedWord[],
): Uint8Array {
  const flags = new Uint8Array(sentence.length * heard.length);
  const heardAt = placesOf(heard);
  for (let count = 1; count <= MOST_WORDS; count += 1) {
    for (let i = 0; i + count <= sentence.length; i += 1) {
      for (const form of formsOf(sentence.slice(i, i + count))) {
        const places = heardAt.get(form) ?? [];
        for (const { from, count: heardCount } of places) {
          const shape = SHAPES.findIndex(([a, b]) => a === count && b === heardCount);
          const cell = i * heard.length + from;
          if (shape >= 0) flags[cell] = (flags[cell] ?? 0) | (1 << shape);
        }
      }
    }
  }
  return flags;
}

interface Place {
  from: number;
  count: number;
}

function placesOf(words: readonly SoundedWord[]): Map<string, Place[]> {
  const places = new Map<string, Place[]>();
  for (let count = 1; count <= MOST_WORDS; count += 1) {
    for (let from = 0; from + count <= words.length; from += 1) {
      for (const form of formsOf(words.slice(from, from + count))) {
        const known = places.get(form);
        if (known) known.push({ from, count });
        else places.set(form, [{ from, count }]);
      }
    }
  }
  return places;
}

/** What neighbouring words can be written and said like, each once; phones after a slash. */
function formsOf(words: readonly SoundedWord[]): Set<string> {
  const written = joined(words.map(({ text }) => spellingsOf(text)));
  if (isSpareAnd(words.map(({ text }) => text))) {
    written.push(`${words[0]?.text ?? ''}${words[2]?.text ?? ''}`);
  }
  const said = joined(
    words.map(({ ways }) =>
      ways
        .slice(0, MOST_WAYS)
        .flatMap((phones) => (phones.length > 0 ? [` ${phones.join(' ')}`] : [])),
    ),
  );
  return new Set([...written, ...said.map((phones) => `/${phones}`)]);
}

/** Every way to join one part of each; none where a part is missing. */
function joined(parts: readonly (readonly string[])[]): string[] {
  return parts.reduce<string[]>(
    (starts, ends) => starts.flatMap((start) => ends.map((end) => start + end)),
    [''],
  );
}
