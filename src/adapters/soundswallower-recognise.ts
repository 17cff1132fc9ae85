/** Recognition against an expected sentence: which of its words were said. */
import type { Transcript, TranscriptWord } from '../scoring/analyses.ts';
import { span } from './soundswallower-align.ts';
import { type DecodedSegment, goodnessOf, wordOf } from './soundswallower-decoder.ts';

/** Chance that a word of the sentence was left out: found 11 of 12 omissions of learners. */
const SKIP = 0.02;
/** Confidence is a logistic function of goodness: .5 at -7 nats per frame, .92 at -4. */
const CONFIDENCE_MIDPOINT = -7;
const CONFIDENCE_SLOPE = 1.2;

/** A longer word has swallowed a noise; the longest of 1,147 spoken ones had 1.6 s. */
const MAX_WORD_S = 2.5;

/** A JSGF expansion in which every word may be skipped. */
export function skipGrammar(words: readonly string[]): string {
  return words
    .map((word) => {
      // normaliseSentence lets nothing else through; JSGF has a syntax of its own to inject into.
      if (!/^[a-z']+$/.test(word)) throw new TypeError('a word of the grammar is not normalised');
      return `( /${1 - SKIP}/ ${word} | /${SKIP}/ <NULL> )`;
    })
    .join(' ');
}

/** `offsetS` is where the decoded stretch begins in the recording. */
export function toTranscript(segments: readonly DecodedSegment[], offsetS = 0): Transcript {
  const words: TranscriptWord[] = segments
    .filter(({ d }) => d <= MAX_WORD_S)
    .map((segment) => ({
      text: wordOf(segment),
      ...span({ b: segment.b + offsetS, d: segment.d }),
      confidence: confidenceOf(goodnessOf(segment)),
    }));
  return { recogniser: 'offline', text: words.map(({ text }) => text).join(' '), words };
}

export function joinTranscripts(transcripts: readonly Transcript[]): Transcript {
  return {
    recogniser: 'offline',
    text: transcripts
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join(' '),
    words: transcripts.flatMap(({ words }) => words),
  };
}

/** Mean goodness per frame (nats, ≤ 0) → 0.001 to 1. */
function confidenceOf(goodness: number): number {
  const confidence = 1 / (1 + Math.exp(-(goodness - CONFIDENCE_MIDPOINT) / CONFIDENCE_SLOPE));
  return Math.max(0.001, Number(confidence.toFixed(3)));
}
