/** How different two pronunciations sound. */
import { isVowel, VOWELS } from './syllables.ts';

/** Consonants that differ in voice only: the commonest slip of learners (`zoo`, `sue`). */
const VOICE_PAIRS = new Map(
  ['P B', 'T D', 'K G', 'F V', 'TH DH', 'S Z', 'SH ZH', 'CH JH'].flatMap((pair) => {
    const [voiceless = '', voiced = ''] = pair.split(' ');
    return [
      [voiceless, voiced],
      [voiced, voiceless],
    ] as const;
  }),
);

/** Manner of articulation; and vowels that glide into a consonant's place. */
const MANNERS = ['P B T D K G', 'F V TH DH S Z SH ZH HH', 'CH JH', 'M N NG', 'L R W Y'].map(
  (phones) => new Set(phones.split(' ')),
);
const GLIDES = new Set(['UW W', 'W UW', 'IY Y', 'Y IY', 'ER R', 'R ER']);

const VOICE_COST = 0.3;
const SAME_MANNER_COST = 0.5;
const VOWEL_COST = 0.5;
const GLIDE_COST = 0.5;
const CONSONANT_COST = 0.8;
/** Below one phone left out and one put in (1.4), so that pairing stays the rule. */
const VOWEL_CONSONANT_COST = 1.2;
const MISSING_COST = 0.7;

/** Longer words are compared by their beginning: it only decides which words are paired. */
const MOST_PHONES = 12;
const MOST_LETTERS = 24;

/**
 * What it costs to take one phone (ARPAbet without stress) for another, 0–1.2: 0 the same, 0.3
 * voiced for voiceless, 0.5 within a manner of articulation, for another vowel or for the glide of
 * a vowel, 0.8 for any other consonant, 1.2 a vowel for a consonant. Symmetric.
 *
 * Classes: Ladefoged and Johnson, A Course in Phonetics. That voice weighs least, then place, then
 * manner, and that vowels stay vowels, follows the saliences of Kondrak's ALINE (2000). The figures
 * are ours; they order the candidates and are no measure of an error's size.
 */
export function phoneCost(a: string, b: string): number {
  if (a === b) return 0;
  if (VOICE_PAIRS.get(a) === b) return VOICE_COST;
  if (GLIDES.has(`${a} ${b}`)) return GLIDE_COST;
  const [isVowelA, isVowelB] = [isVowel(a), isVowel(b)];
  if (isVowelA !== isVowelB) return VOWEL_CONSONANT_COST;
  if (isVowelA) return VOWEL_COST;
  return MANNERS.some((manner) => manner.has(a) && manner.has(b))
    ? SAME_MANNER_COST
    : CONSONANT_COST;
}

/** ARPAbet's phones, and `''` for all others. */
const PHONES = [...VOWELS, ...MANNERS.flatMap((manner) => [...manner]), ''];
const PLACES = new Map(PHONES.map((phone, place) => [phone, place]));
const OTHER = PHONES.length - 1;
/** All pairs, worked out once: comparing words asks for them all the time. */
const COSTS = Float64Array.from(PHONES.flatMap((a) => PHONES.map((b) => phoneCost(a, b))));

/**
 * Weighted edit distance of two pronunciations (a missing phone 0.7, substitutions as `phoneCost`)
 * over the longer one's length, at most 1. Only the first 12 phones are compared; 0 exactly
 * where those are equal. Symmetric.
 */
export function soundDistance(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [placesOf(a), placesOf(b)];
  return editShare(left.length, right.length, MISSING_COST, (i, j) => {
    const [one = OTHER, other = OTHER] = [left[i], right[j]];
    if (one === OTHER && other === OTHER) return a[i] === b[j] ? 0 : CONSONANT_COST;
    return COSTS[one * PHONES.length + other] ?? 0;
  });
}

function placesOf(phones: readonly string[]): Uint8Array {
  const places = new Uint8Array(Math.min(MOST_PHONES, phones.length));
  for (let at = 0; at < places.length; at += 1) places[at] = PLACES.get(phones[at] ?? '') ?? OTHER;
  return places;
}

/** Edit distance over letters divided by the longer length, 0–1: for words nobody can pronounce. */
export function letterDistance(a: string, b: string): number {
  const [longA, longB] = [a, b].map((word) => Math.min(MOST_LETTERS, word.length));
  return editShare(longA ?? 0, longB ?? 0, 1, (i, j) => (a[i] === b[j] ? 0 : 1));
}

/** Edit distance of two lists over the longer one's length, at most 1. */
function editShare(
  lengthA: number,
  lengthB: number,
  missing: number,
  substitution: (i: number, j: number) => number,
): number {
  // One row, overwritten in place: this runs for every pair of different words.
  const row = new Float64Array(lengthB + 1);
  for (let j = 0; j <= lengthB; j += 1) row[j] = j * missing;
  for (let i = 0; i < lengthA; i += 1) {
    let diagonal = row[0] ?? 0;
    let left = diagonal + missing;
    row[0] = left;
    for (let j = 0; j < lengthB; j += 1) {
      const above = row[j + 1] ?? 0;
      left = Math.min(diagonal + substitution(i, j), above + missing, left + missing);
      diagonal = above;
      row[j + 1] = left;
    }
  }
  return Math.min(1, (row[lengthB] ?? 0) / Math.max(1, lengthA, lengthB));
}
