import { FRAME_S, type AlignedWord, type PitchContour } from './analyses.ts';

/** Further from the speaker's median, a frame is an octave error of the tracker. */
const FURTHEST_SEMITONES = 12;
/** Voiced stretches shorter than this many frames are the tracker's, not the speaker's. */
const SHORTEST_ISLAND = 3;
const FEWEST_SPOKEN_FRAMES = 10;
const FEWEST_KEPT_FRAMES = 8;

/** F0 of one recording on the scorer's 10 ms grid: frame `i` is centred at `(i + 0.5) * 10 ms`. */
export interface Melody {
  /** Relative to the speaker's median within the words; interpolated where unvoiced. */
  semitones: number[];
  /** Where the value was measured and not interpolated. */
  voiced: boolean[];
}

/**
 * The pitch contour in semitones relative to the speaker's median, cleaned of octave errors and of
 * voiced islands under three frames. `frameCount` is that of the energy. Null for fewer than 10
 * voiced frames inside the words, or fewer than 8 left after cleaning.
 */
export function melodyOf(
  contour: PitchContour,
  words: readonly AlignedWord[],
  frameCount: number,
): Melody | null {
  const hz = Array.from({ length: frameCount }, (_, frame) => hzAt(contour, frame));
  const median = spokenMedian(hz, words);
  if (median === null) return null;
  const semitones = hz.map((value) => (value > 0 ? 12 * Math.log2(value / median) : NaN));
  const voiced = semitones.map((value) => Math.abs(value) <= FURTHEST_SEMITONES);
  dropIslands(voiced);
  if (voiced.filter(Boolean).length < FEWEST_KEPT_FRAMES) return null;
  return { semitones: interpolated(semitones, voiced), voiced };
}

/** The contour's nearest frame; 0 where it is unvoiced or does not reach. */
function hzAt(contour: PitchContour, frame: number): number {
  const timeS = (frame + 0.5) * FRAME_S;
  // Contours often start half a frame off this grid: the nudge settles those ties alike.
  const nearest = Math.floor((timeS - contour.startS) / contour.stepS + 0.5 + 1e-6);
  return contour.hz[nearest] ?? 0;
}

function spokenMedian(hz: readonly number[], words: readonly AlignedWord[]): number | null {
  const spoken = new Set<number>();
  for (const word of words) {
    const end = Math.min(hz.length, Math.round(word.endS / FRAME_S));
    for (let i = Math.max(0, Math.round(word.startS / FRAME_S)); i < end; i += 1) spoken.add(i);
  }
  const values = hz.filter((value, frame) => value > 0 && spoken.has(frame));
  if (values.length < FEWEST_SPOKEN_FRAMES) return null;
  values.sort((a, b) => a - b);
  const upper = values[Math.floor(values.length / 2)] ?? 0;
  const lower = values[Math.ceil(values.length / 2) - 1] ?? upper;
  return (lower + upper) / 2;
}

function dropIslands(voiced: boolean[]): void {
  let start = 0;
  for (let frame = 0; frame <= voiced.length; frame += 1) {
    if (voiced[frame] === true) continue;
    if (frame - start < SHORTEST_ISLAND) voiced.fill(false, start, frame);
    start = frame + 1;
  }
}

/** Linear between voiced frames, constant before the first and after the last. */
function interpolated(semitones: readonly number[], voiced: readonly boolean[]): number[] {
  const result = [...semitones];
  let previous = -1;
  for (let frame = 0; frame <= result.length; frame += 1) {
    if (frame < result.length && voiced[frame] !== true) continue;
    const from = result[previous] ?? result[frame] ?? 0;
    const to = result[frame] ?? from;
    for (let gap = previous + 1; gap < frame; gap += 1) {
      result[gap] = from + ((to - from) * (gap - previous)) / (frame - previous);
    }
    previous = frame;
  }
  return result;
}
