import { createAutocorrelation } from './autocorrelation.ts';
import {
  findPitchCandidates,
  maxVoicedCandidates,
  octaveCost,
  voicingThreshold,
} from './pitch-candidates.ts';
import type { PitchCandidates } from './pitch-candidates.ts';
import { cutPitchFrame, layPitchFrames, padForFrames, pitchStepS } from './pitch-frames.ts';
import type { PitchFrames, PitchRange } from './pitch-frames.ts';
import { sincDepth } from './sinc-table.ts';
import { findVoicingPath, voicedUnvoicedCost } from './voicing-path.ts';
import type { PathFrame } from './voicing-path.ts';

/**
 * Linear (not circular) autocorrelation of a windowed frame: lag `k` at index `k`, any scale, at
 * least the first `lags`. The result may be overwritten by the next call.
 */
export type Autocorrelate = (
  windowedFrame: Float32Array,
  lags: number,
) => Float32Array | Float64Array;

/** F0 over time: frame `i` lies at `startS + i * stepS`; 0 Hz means unvoiced. */
export interface F0Contour {
  startS: number;
  stepS: number;
  hz: number[];
}

/** Praat's `SilenceThreshold`: frames below this share of the recording's peak tend to unvoiced. */
const silenceThreshold = 0.03;
const autocorrelateWindow = createAutocorrelation();
const unvoicedFrame = { scores: new Float64Array(0), octaves: new Float64Array(0) };

/**
 * Tracks pitch as Praat's `Sound: To Pitch (ac)` with its default thresholds and costs: candidates
 * from the autocorrelation of Hann-windowed frames divided by that of the window, then the cheapest
 * path through them.
 *
 * `samples` are mono at 16 kHz, finite, -1 to 1. Returns frames every 10 ms in Hz, rounded to
 * 0.01 Hz; none where the recording is shorter than one window (three periods of the floor).
 * Throws only what `autocorrelate` throws.
 * Source: Boersma (1993), "Accurate short-term analysis of the fundamental frequency and the
 * harmonics-to-noise ratio of a sampled sound", IFA Proceedings 17, 97–110.
 */
export function trackPitchPath(
  samples: Float32Array,
  range: PitchRange,
  autocorrelate: Autocorrelate,
): F0Contour {
  const frames = layPitchFrames(samples.length, range);
  if (frames.count === 0) return { startS: 0, stepS: pitchStepS, hz: [] };
  const path = scoreFrames(samples, frames, range, autocorrelate);
  const choice = findVoicingPath(path);
  const hz = path.map((frame, index) => {
    const octave = frame.octaves[choice[index] ?? -1];
    return octave === undefined ? 0 : Math.round(2 ** octave * 100) / 100;
  });
  return { startS: frames.startS, stepS: pitchStepS, hz };
}

function scoreFrames(
  samples: Float32Array,
  frames: PitchFrames,
  range: PitchRange,
  autocorrelate: Autocorrelate,
): PathFrame[] {
  const { window } = frames;
  const maxLag = Math.min(Math.floor(window.length / 3) + 2, window.length / 2);
  const weights = inverseCorrelation(window, Math.min(maxLag + sincDepth + 1, window.length));
  const correlation = new Float64Array(weights.length + sincDepth);
  const frame = new Float32Array(window.length);
  const candidates: PitchCandidates = {
    count: 0,
    hz: new Float64Array(maxVoicedCandidates),
    strength: new Float64Array(maxVoicedCandidates),
  };
  const globalPeak = peakAroundMean(samples);
  const padded = padForFrames(samples, frames);

  return Array.from({ length: frames.count }, (_, index): PathFrame => {
    const peak = cutPitchFrame(padded, frames, index, frame);
    const intensity = globalPeak === 0 ? 0 : Math.min(1, peak / globalPeak);
    const unvoiced =
      voicingThreshold + Math.max(0, 2 - intensity / (silenceThreshold / (1 + voicingThreshold)));
    // No voiced candidate scores above 1, and a voiced frame saves at most two voicing changes:
    // a frame as quiet as this is unvoiced on every cheapest path, so its candidates do not matter.
    if (peak === 0 || unvoiced > 1 + 2 * voicedUnvoicedCost) return { unvoiced, ...unvoicedFrame };
    normalise(autocorrelate(frame, weights.length), weights, correlation);
    findPitchCandidates(correlation, maxLag, range, candidates);
    return { unvoiced, ...toPathCandidates(candidates, range) };
  });
}

function toPathCandidates({ count, hz, strength }: PitchCandidates, { ceilingHz }: PitchRange) {
  const octaves = hz.slice(0, count).map(Math.log2);
  const top = Math.log2(ceilingHz);
  const scores = octaves.map((octave, at) => (strength[at] ?? 0) - octaveCost * (top - octave));
  return { scores, octaves };
}

/** Frame over window, both relative to lag 0, mirrored to the negative lags interpolation reads. */
function normalise(
  frame: Float32Array | Float64Array,
  weights: Float64Array,
  correlation: Float64Array,
): void {
  const scale = 1 / (frame[0] ?? 0);
  for (let lag = 0; lag < weights.length; lag++) {
    correlation[sincDepth + lag] = (frame[lag] ?? 0) * scale * (weights[lag] ?? 0);
  }
  for (let lag = 1; lag <= sincDepth; lag++) {
    correlation[sincDepth - lag] = correlation[sincDepth + lag] ?? 0;
  }
}

/** What divides by the window's autocorrelation relative to its lag 0: division itself is slow. */
function inverseCorrelation(window: Float64Array, lags: number): Float64Array {
  const correlation = autocorrelateWindow(window, lags).subarray(0, lags);
  const energy = correlation[0] ?? 0;
  return correlation.map((value) => energy / value);
}

function peakAroundMean(samples: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < samples.length; at++) sum += samples[at] ?? 0;
  const mean = sum / samples.length;
  let peak = 0;
  for (let at = 0; at < samples.length; at++) {
    const magnitude = Math.abs((samples[at] ?? 0) - mean);
    if (magnitude > peak) peak = magnitude;
  }
  return peak;
}
