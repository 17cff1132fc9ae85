import type { PitchRange } from './pitch-frames.ts';
import { trackPitchPath } from './pitch-path.ts';
import type { Autocorrelate, F0Contour } from './pitch-path.ts';

/** Praat's default range. */
export const defaultPitchRange: PitchRange = { floorHz: 75, ceilingHz: 600 };
const lowestFloorHz = 60;
/** Fewer voiced frames say nothing about the speaker. */
const minVoicedFrames = 5;

export interface TwoPassPitch {
  /** 75–600 Hz, as Praat. */
  contour: F0Contour;
  /** Range fitted to the speaker, which removes octave errors. */
  refined: F0Contour;
}

/**
 * Tracks pitch twice: 75–600 Hz, then with a floor of max(60, 0.75 q25) and a ceiling of
 * min(600, 1.75 q75) Hz, where q25 and q75 are the quartiles of the voiced frames of the first
 * pass. With fewer than 5 of those both contours are the same.
 * Samples, units and errors as `trackPitchPath`. The second pass from the first one's quantiles is
 * De Looze and Hirst's idea (2008); the factors and bounds are this project's.
 */
export function trackPitchTwice(samples: Float32Array, autocorrelate: Autocorrelate): TwoPassPitch {
  const contour = trackPitchPath(samples, defaultPitchRange, autocorrelate);
  const range = speakerRange(contour.hz);
  const refined = range === undefined ? contour : trackPitchPath(samples, range, autocorrelate);
  return { contour, refined };
}

/** Floor and ceiling for the second pass; undefined with fewer than 5 voiced frames. */
export function speakerRange(hz: number[]): PitchRange | undefined {
  const voiced = hz.filter((value) => value > 0).sort((one, other) => one - other);
  if (voiced.length < minVoicedFrames) return undefined;
  return {
    floorHz: Math.max(lowestFloorHz, 0.75 * quantile(voiced, 0.25)),
    ceilingHz: Math.min(defaultPitchRange.ceilingHz, 1.75 * quantile(voiced, 0.75)),
  };
}

/** Linear between the two nearest ranks; `sorted` is ascending and not empty. */
function quantile(sorted: number[], share: number): number {
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below] ?? 0;
  const high = sorted[below + 1] ?? low;
  return low + (rank - below) * (high - low);
}
