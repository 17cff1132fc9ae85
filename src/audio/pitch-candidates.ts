import type { PitchRange } from './pitch-frames.ts';
import { interpolateSinc, sincDepth } from './sinc-table.ts';
import { speechRateHz } from './speech-rate.ts';

/** Praat keeps 15 candidates a frame, one of which is "unvoiced". */
export const maxVoicedCandidates = 14;
/** Praat's `VoicingThreshold`, `OctaveCost`. */
export const voicingThreshold = 0.45;
export const octaveCost = 0.01;

/** The candidates of one frame; only the first `count` entries of both lists hold. */
export interface PitchCandidates {
  count: number;
  hz: Float64Array;
  /** Normalised autocorrelation at that period, 0–1. */
  strength: Float64Array;
}

/** In samples of lag. */
const refinementSteps = [0.2, 0.03];

/** A refined maximum of the autocorrelation, in samples of lag. */
interface Peak {
  exactLag: number;
  strength: number;
}

/**
 * Finds the maxima of one frame's normalised autocorrelation that may be its period.
 *
 * `correlation` holds the lags from `-sincDepth` on (lag 0 at index `sincDepth`, value 1 there);
 * lags 2 to `maxLag - 1` are searched, `maxLag + sincDepth` are read. Candidates at or above the
 * ceiling count as unvoiced in the path search, so they are left out, but they may crowd out others.
 * Source: Boersma (1993), and Praat's `Sound_to_Pitch`.
 */
export function findPitchCandidates(
  correlation: Float64Array,
  maxLag: number,
  range: PitchRange,
  into: PitchCandidates,
): void {
  const lags = maxima(correlation, maxLag);
  const kept = lags.length > maxVoicedCandidates ? strongest(correlation, lags, range) : lags;
  into.count = 0;
  for (const lag of kept) {
    // The refined maximum lies within one sample of the lag.
    if (speechRateHz / (lag + 1) >= range.ceilingHz) continue;
    const { exactLag, strength } = refine(correlation, estimateLag(correlation, lag));
    const hz = speechRateHz / exactLag;
    if (hz >= range.ceilingHz) continue;
    into.hz[into.count] = hz;
    into.strength[into.count] = strength;
    into.count++;
  }
}

function maxima(correlation: Float64Array, maxLag: number): number[] {
  const lags: number[] = [];
  let before = correlation[sincDepth + 1] ?? 0;
  let here = correlation[sincDepth + 2] ?? 0;
  for (let lag = 2; lag < maxLag; lag++) {
    const after = correlation[sincDepth + lag + 1] ?? 0;
    if (here > 0.5 * voicingThreshold && here > before && here >= after) lags.push(lag);
    before = here;
    here = after;
  }
  return lags;
}

/** More maxima than places: the strongest stay, with Praat's slight preference for short periods. */
function strongest(correlation: Float64Array, lags: number[], { floorHz }: PitchRange): number[] {
  const score = (lag: number) => {
    const exactLag = estimateLag(correlation, lag);
    const strength = reflect(interpolateSinc(correlation, sincDepth + exactLag));
    return strength - octaveCost * Math.log2((floorHz * exactLag) / speechRateHz);
  };
  return lags
    .map((lag) => ({ lag, score: score(lag) }))
    .sort((one, other) => other.score - one.score)
    .slice(0, maxVoicedCandidates)
    .map((peak) => peak.lag);
}

/** Where the parabola through three values is highest; sinc interpolation then gives the height. */
function estimateLag(correlation: Float64Array, lag: number): number {
  const at = sincDepth + lag;
  const before = correlation[at - 1] ?? 0;
  const here = correlation[at] ?? 0;
  const after = correlation[at + 1] ?? 0;
  return lag + (0.5 * (after - before)) / (2 * here - before - after);
}

/** Climbs to the maximum of the interpolated curve: three-point parabolas, ever narrower. */
function refine(correlation: Float64Array, estimatedLag: number): Peak {
  let position = sincDepth + estimatedLag;
  let height = interpolateSinc(correlation, position);
  for (const step of refinementSteps) {
    const before = interpolateSinc(correlation, position - step);
    const after = interpolateSinc(correlation, position + step);
    const bend = 2 * height - before - after;
    if (bend <= 0) break;
    const shift = Math.max(-step, Math.min(step, (0.5 * step * (after - before)) / bend));
    const moved = interpolateSinc(correlation, position + shift);
    if (moved <= height) continue;
    position += shift;
    height = moved;
  }
  return { exactLag: position - sincDepth, strength: reflect(height) };
}

/** Short windows can give values above 1; Praat reflects them. */
function reflect(strength: number): number {
  return strength > 1 ? 1 / strength : strength;
}
