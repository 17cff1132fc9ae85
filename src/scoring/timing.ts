import type { Aligned, AlignedWord } from './analyses.ts';
import { boundaryGaps } from './boundary-gaps.ts';
import { trimEdges } from './trim-edges.ts';

/** A gap counts as a pause from here on, seconds; shorter ones are stop closures and the like. */
export const PAUSE_S = 0.2;

/** Nobody articulates a phone faster, and the aligner's phones have three frames. */
const SHORTEST_PHONE_S = 0.03;

export interface Timing {
  /** With the silence at both ends of the recording trimmed off. */
  words: AlignedWord[];
  /** Silence between word `i` and `i + 1`, seconds. */
  gapsS: number[];
  /** From the first phone to the last, pauses included; > 0. */
  spanS: number;
  /** The same without pauses (gaps of 0.2 s and more); > 0. */
  articulationS: number;
  syllableCount: number;
}

/**
 * Times one recording from its alignment and frame energies (dB, one per 10 ms).
 *
 * Expects at least one phone. Spans are never below 30 ms per phone, so that a degenerate
 * alignment gives finite rates.
 */
export function timeSpeech(alignment: Aligned, energyDb: readonly number[]): Timing {
  const words = trimEdges(alignment.words, energyDb);
  const gapsS = boundaryGaps(words, energyDb);
  const phoneCount = words.reduce((sum, word) => sum + word.phones.length, 0);
  const floorS = SHORTEST_PHONE_S * Math.max(1, phoneCount);
  const spanS = Math.max(floorS, (words.at(-1)?.endS ?? 0) - (words[0]?.startS ?? 0));
  return {
    words,
    gapsS,
    spanS,
    articulationS: Math.max(floorS, spanS - pausesOf(gapsS).reduce((sum, gap) => sum + gap, 0)),
    syllableCount: words.reduce((sum, word) => sum + word.syllables.length, 0),
  };
}

/** The gaps that count as pauses, seconds. */
export function pausesOf(gapsS: readonly number[]): number[] {
  return gapsS.filter((gap) => gap >= PAUSE_S);
}
