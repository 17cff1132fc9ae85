/** What a recogniser heard, laid over the aligned words of the sentence. */
import type { AlignedWord, Transcript, TranscriptWord } from './analyses.ts';
import { heardWords } from './heard-words.ts';
import { matchWords, type MatchableWord, type WordMatch } from './match-words.ts';
import { waysToSay, type Pronunciations } from './pronunciations.ts';
import { trustIn } from './recogniser-trust.ts';

export interface LaidTranscript {
  /** One entry per spoken word. */
  heard: TranscriptWord[];
  /** The same with the ways to say them. */
  sounded: MatchableWord[];
  matches: WordMatch[];
}

/** With fewer words than this share of the sentence's, a recogniser heard too little to tell. */
const ENOUGH_HEARD = 0.5;

export function layTranscript(
  aligned: readonly AlignedWord[],
  transcript: Transcript,
  pronunciations: Pronunciations,
): LaidTranscript {
  const heard = heardWords(
    transcript,
    aligned.map((word) => word.text),
  );
  const sounded = heard.map((word) => withWays(word, pronunciations));
  const matches = matchWords(
    aligned.map((word) => withWays(word, pronunciations)),
    sounded,
  );
  return { heard, sounded, matches };
}

/**
 * Which share of the sentence's words was heard, 0–1, by a recogniser that does not know the
 * sentence. Null where none listened that could hear another sentence, or where it heard fewer than
 * half as many words as the sentence has: that is a soft voice rather than another sentence.
 */
export function heardShare(
  aligned: readonly AlignedWord[],
  transcript: Transcript | null,
  pronunciations: Pronunciations,
): number | null {
  if (transcript?.recogniser === undefined || !trustIn(transcript).hearsOtherWords) return null;
  const { heard, matches } = layTranscript(aligned, transcript, pronunciations);
  if (aligned.length === 0 || heard.length < ENOUGH_HEARD * aligned.length) return null;
  const same = matches.filter(({ kind }) => kind === 'same');
  const words = same.reduce((sum, { sentence }) => sum + sentence.to - sentence.from, 0);
  return words / aligned.length;
}

/** Without a known pronunciation a word of the sentence is said as it was aligned. */
function withWays(word: AlignedWord | TranscriptWord, known: Pronunciations): MatchableWord {
  const { text, startS, endS } = word;
  const ways = waysToSay(text, known);
  const aligned =
    'phones' in word && ways.length === 0 ? [word.phones.map(({ phone }) => phone)] : ways;
  // Google gives 0 to 0 for a word without times.
  const isTimed = endS > 0;
  return { text, ways: aligned, startS: isTimed ? startS : null, endS: isTimed ? endS : null };
}
