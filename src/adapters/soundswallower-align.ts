/** From the decoder's segments to an Alignment. */
import type { Aligned, AlignedPhone, AlignedWord, Alignment } from '../scoring/analyses.ts';
import { isVowel, syllabify } from '../scoring/syllables.ts';
import type { Lexicon, Stress } from './lexicon.ts';
import { type DecodedSegment, goodnessOf, wordOf } from './soundswallower-decoder.ts';

/**
 * Words, phones and syllables at 10 ms, untrimmed. `unaligned` when the decoder did not find every
 * word of the sentence: silence, noise, or a recording shorter than the sentence can be said.
 */
export function toAlignment(
  segments: readonly DecodedSegment[],
  sentence: readonly string[],
  lexicon: Lexicon,
): Alignment {
  const words = segments.map((segment) => alignedWord(segment, lexicon));
  const isWhole =
    words.length === sentence.length &&
    words.every(({ text, phones }, index) => text === sentence[index] && phones.length > 0);
  if (!isWhole) return { kind: 'unaligned', reason: 'no speech that could be this sentence' };
  return { kind: 'aligned', words };
}

function alignedWord(segment: DecodedSegment, lexicon: Lexicon): AlignedWord {
  const text = wordOf(segment);
  const found = segment.w ?? [];
  const stress = stressOf(
    found.map(({ t }) => t),
    text,
    lexicon,
  );
  const phones: AlignedPhone[] = found.map((phone, index) => ({
    phone: phone.t,
    stress: stress[index] ?? null,
    ...span(phone),
    goodness: round(goodnessOf(phone), 4),
  }));
  return { text, ...span(segment), phones, syllables: syllabify(phones) };
}

/** Start and end in seconds, whole frames; the decoder's first segment begins at -0.01 s. */
export function span({ b, d }: Pick<DecodedSegment, 'b' | 'd'>): { startS: number; endS: number } {
  return { startS: Math.max(0, round(b, 2)), endS: Math.max(0, round(b + d, 2)) };
}

/** The same alignment `byS` seconds later. */
export function shifted(alignment: Aligned, byS: number): Aligned {
  return retimed(alignment, (s) => round(s + byS, 2));
}

/** Times outside the recording, which the aligner was given silence for, are those of its ends. */
export function inside(alignment: Aligned, durationS: number): Aligned {
  return retimed(alignment, (s) => Math.min(durationS, Math.max(0, s)));
}

function retimed(alignment: Aligned, timeOf: (s: number) => number): Aligned {
  const moved = <T extends { startS: number; endS: number }>(one: T): T => ({
    ...one,
    startS: timeOf(one.startS),
    endS: timeOf(one.endS),
  });
  const words = alignment.words.map((word) => ({
    ...moved(word),
    phones: word.phones.map(({ evidence, ...phone }) => ({
      ...moved(phone),
      ...(evidence === undefined ? {} : { evidence: moved(evidence) }),
    })),
    syllables: word.syllables.map(moved),
  }));
  return { ...alignment, words };
}

/**
 * Lexical stress per phone: of the variant that was aligned, else of one with as many vowels, else
 * on the first vowel.
 */
export function stressOf(
  phones: readonly string[],
  word: string,
  lexicon: Lexicon,
): (Stress | null)[] {
  const variants = lexicon.pronunciations(word);
  const exact = variants.find((variant) => variant.phones.join(' ') === phones.join(' '));
  if (exact !== undefined) return exact.stress;
  const vowels = phones.filter(isVowel).length;
  const similar = variants
    .map(({ stress }) => stress.filter((mark) => mark !== null))
    .find((marks) => marks.length === vowels);
  let vowel = 0;
  return phones.map((phone) => {
    if (!isVowel(phone)) return null;
    const mark = similar === undefined ? (vowel === 0 ? 1 : 0) : (similar[vowel] ?? 0);
    vowel++;
    return mark;
  });
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits)) + 0;
}
