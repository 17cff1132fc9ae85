/** Syllables of a word by maximal onset: a syllable takes as many consonants as may begin one. */
import type { AlignedPhone, AlignedSyllable } from './analyses.ts';

export const VOWELS: ReadonlySet<string> = new Set(
  'AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW'.split(' '),
);

/** Clusters that begin an English syllable; a single consonant may, except NG. */
const ONSETS: ReadonlySet<string> = new Set(
  [
    'P R|P L|P Y|B R|B L|B Y|T R|T W|D R|D W|K R|K L|K W|K Y|G R|G L|G W|F R|F L|F Y|TH R|TH W|SH R',
    'S P|S T|S K|S M|S N|S L|S W|S F|V Y|M Y|N Y|HH Y|S P R|S P L|S T R|S K R|S K W|S K Y|S P Y',
  ]
    .join('|')
    .split('|'),
);

/** `phone` is ARPAbet without a stress digit. */
export function isVowel(phone: string): boolean {
  return VOWELS.has(phone);
}

/**
 * Syllables of one word, in order; together they cover all its phones. None for a word without a
 * vowel (`hmm`). Times are those of the outer phones. Throws nothing.
 */
export function syllabify(phones: readonly AlignedPhone[]): AlignedSyllable[] {
  const vowels = phones.flatMap(({ phone }, index) => (isVowel(phone) ? [index] : []));
  return vowels.flatMap((vowel, order) => {
    const firstPhone = onsetStart(phones, vowels[order - 1], vowel);
    const next = vowels[order + 1];
    const end = next === undefined ? phones.length : onsetStart(phones, vowel, next);
    const [first, nucleus, last] = [phones[firstPhone], phones[vowel], phones[end - 1]];
    if (first === undefined || nucleus === undefined || last === undefined) return [];
    return {
      firstPhone,
      phoneCount: end - firstPhone,
      vowel,
      stress: nucleus.stress ?? 0,
      startS: first.startS,
      endS: last.endS,
    };
  });
}

/** Where the syllable around `vowel` begins, given the vowel of the syllable before it. */
function onsetStart(
  phones: readonly AlignedPhone[],
  previousVowel: number | undefined,
  vowel: number,
): number {
  if (previousVowel === undefined) return 0;
  for (let start = previousVowel + 1; start < vowel; start++) {
    if (isOnset(phones.slice(start, vowel).map(({ phone }) => phone))) return start;
  }
  return vowel;
}

function isOnset(consonants: string[]): boolean {
  if (consonants.length === 1) return consonants[0] !== 'NG';
  return ONSETS.has(consonants.join(' '));
}
