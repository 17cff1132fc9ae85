/** Looks at a take before it is sent, so that nobody waits for a score that cannot be. */

export type TakeKind = 'ok' | 'too_short' | 'silent' | 'too_loud';

/** Where the scorer refuses too (scoring/attempt.ts); silence by level, as there is no pitch here. */
export const TAKE_LIMITS = {
  shortestS: 0.3,
  /** dB re full scale of the loud frames: a muted microphone is at -100, a quiet room near -60. */
  silentDb: -50,
  clippedShare: 0.01,
} as const;

const FULL_SCALE = 0.999;
const LOUD_PERCENTILE = 0.97;

/** Samples from -1 to 1. */
export function judgeTake(samples: Float32Array, rateHz: number): TakeKind {
  if (samples.length / rateHz < TAKE_LIMITS.shortestS) return 'too_short';
  const frame = Math.round(rateHz / 100);
  const levels: number[] = [];
  for (let at = 0; at + frame <= samples.length; at += frame) {
    levels.push(levelDb(samples.subarray(at, at + frame)));
  }
  const sorted = levels.toSorted((a, b) => a - b);
  const loud = sorted[Math.round(LOUD_PERCENTILE * (sorted.length - 1))] ?? -100;
  if (loud < TAKE_LIMITS.silentDb) return 'silent';
  return clippedShare(samples) >= TAKE_LIMITS.clippedShare ? 'too_loud' : 'ok';
}

/** Mean energy in dB re full scale; -100 is digital silence. */
export function levelDb(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const mean = samples.length === 0 ? 0 : sum / samples.length;
  return mean <= 1e-10 ? -100 : 10 * Math.log10(mean);
}

export function clippedShare(samples: Float32Array): number {
  let clipped = 0;
  for (const sample of samples) if (Math.abs(sample) >= FULL_SCALE) clipped += 1;
  return samples.length === 0 ? 0 : clipped / samples.length;
}
