/** Why a word was said that is not in the sentence. */
import type { SoundedWord } from './same-words.ts';

/** `repetition` includes a false start such as `lay- layla`. */
export type InsertedReason = 'repetition' | 'hesitation' | 'other';

/** As recognisers write them; `oh` and `well` are words. */
const HESITATIONS = new Set('ah eh er erm ehm hm hmm mhm mm uh uhh uhm um umm'.split(' '));

/** A shorter beginning of the next word is a word of its own (`a`, `I`) more often. */
const SHORTEST_FALSE_START = 2;

export function isHesitation(text: string): boolean {
  return HESITATIONS.has(text);
}

/**
 * The reason for each inserted word; null for words of the sentence. `hesitation`: um, uh and the
 * like. `repetition`: hesitations apart, the words that were inserted together say again what
 * stands right before or after them (`the cat the cat sat`, `the uh the cat`), or the word's
 * phones, two at least, begin the next word.
 */
export function insertedReasons(
  heard: readonly SoundedWord[],
  isInserted: readonly boolean[],
): (InsertedReason | null)[] {
  const reasons: (InsertedReason | null)[] = heard.map(() => null);
  // Positions of what is no hesitation: those are looked at as if the others were not there.
  const words: number[] = [];
  for (const [index, word] of heard.entries()) {
    if (isInserted[index] === true && isHesitation(word.text)) reasons[index] = 'hesitation';
    else words.push(index);
  }
  for (let start = 0; start < words.length;) {
    let end = start;
    while (end < words.length && isInserted[words[end] ?? -1] === true) end += 1;
    for (let at = start; at < end; at += 1) {
      const repeats = isRepeated(at, end - start, words, heard) || isFalseStart(at, words, heard);
      reasons[words[at] ?? -1] = repeats ? 'repetition' : 'other';
    }
    start = Math.max(end, start + 1);
  }
  return reasons;
}

/** Does the same word stand at most a run's length away? */
function isRepeated(
  at: number,
  runLength: number,
  words: readonly number[],
  heard: readonly SoundedWord[],
): boolean {
  const word = heard[words[at] ?? -1];
  for (let distance = 1; distance <= runLength; distance += 1) {
    for (const other of [heard[words[at + distance] ?? -1], heard[words[at - distance] ?? -1]]) {
      if (word && other && soundsAlike(word, other)) return true;
    }
  }
  return false;
}

function isFalseStart(
  at: number,
  words: readonly number[],
  heard: readonly SoundedWord[],
): boolean {
  const [said = [], next = []] = [at, at + 1].map((index) => heard[words[index] ?? -1]?.ways[0]);
  return (
    said.length >= SHORTEST_FALSE_START &&
    said.length < next.length &&
    said.every((phone, index) => phone === next[index])
  );
}

function soundsAlike(a: SoundedWord, b: SoundedWord): boolean {
  if (a.text === b.text) return true;
  const ways = new Set(a.ways.map((phones) => phones.join(' ')));
  return b.ways.some((phones) => phones.length > 0 && ways.has(phones.join(' ')));
}
