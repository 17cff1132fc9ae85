import { speechRateHz } from './speech-rate.ts';

/** Range of pitch that is searched, in Hz. */
export interface PitchRange {
  floorHz: number;
  ceilingHz: number;
}

/** How a recording is cut into frames: everything that depends on the range and the length only. */
export interface PitchFrames {
  count: number;
  /** Time of the first frame's centre, seconds. */
  startS: number;
  /** Hann window over three periods of the floor. */
  window: Float64Array;
  /** Samples in one period of the floor. */
  period: number;
}

export const pitchStepS = 0.01;
const periodsPerWindow = 3;

/**
 * Lays frames over `sampleCount` samples at 16 kHz as Praat does: as many as fit, 10 ms apart,
 * centred in the recording. No frames where the recording is shorter than one window (40 ms at a
 * floor of 75 Hz). Source: Praat's `Sampled_shortTermAnalysis` and `Sound_to_Pitch`.
 */
export function layPitchFrames(sampleCount: number, { floorHz }: PitchRange): PitchFrames {
  const sampleS = 1 / speechRateHz;
  const durationS = sampleCount * sampleS;
  const windowS = periodsPerWindow / floorHz;
  // The operations and their order are Praat's: 1.74 s must give 171 frames, not 170 by rounding.
  const count = windowS > durationS ? 0 : Math.floor((durationS - windowS) / pitchStepS) + 1;
  const halfWindow = Math.floor(Math.floor(windowS / sampleS) / 2) - 1;
  return {
    count,
    startS: 0.5 * durationS - 0.5 * count * pitchStepS + 0.5 * pitchStepS,
    window: hann(2 * halfWindow),
    period: Math.floor(speechRateHz / floorHz),
  };
}

/**
 * The samples with silence on either side, so that `cutPitchFrame` never reads beyond the ends:
 * one such read would make all of its reads three times as slow.
 */
export function padForFrames(samples: Float32Array, { window }: PitchFrames): Float32Array {
  const padded = new Float32Array(samples.length + 2 * window.length);
  padded.set(samples, window.length);
  return padded;
}

/**
 * Writes frame `index` into `frame`: the samples around its centre, less the mean of one period
 * of the floor to either side, under the window. Returns the largest magnitude within half such a
 * period of the centre: what Praat compares with the silence threshold. `padded` comes from
 * `padForFrames`.
 */
export function cutPitchFrame(
  padded: Float32Array,
  frames: PitchFrames,
  index: number,
  frame: Float32Array,
): number {
  const { window, period } = frames;
  const centreS = frames.startS + index * pitchStepS;
  const right = Math.floor(centreS * speechRateHz - 0.5) + 1 + window.length;
  // Two sums, since each addition to one would wait for the last.
  let before = 0;
  let after = 0;
  for (let at = 0; at < period; at++) {
    before += padded[right - 1 - at] ?? 0;
    after += padded[right + at] ?? 0;
  }
  const mean = (before + after) / (2 * period);

  const half = window.length / 2;
  const first = right - half;
  for (let at = 0; at < window.length; at++) {
    frame[at] = ((padded[first + at] ?? 0) - mean) * (window[at] ?? 0);
  }
  const halfPeriod = Math.floor(period / 2) + 1;
  const end = Math.min(2 * half, half + halfPeriod);
  let peak = 0;
  for (let at = Math.max(0, half - halfPeriod); at < end; at++) {
    const magnitude = Math.abs(frame[at] ?? 0);
    if (magnitude > peak) peak = magnitude;
  }
  return peak;
}

function hann(length: number): Float64Array {
  return Float64Array.from(
    { length },
    (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 1)) / (length + 1)),
  );
}
