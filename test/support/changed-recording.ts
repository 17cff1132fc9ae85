/** Recordings changed in ways whose effect on the scores is known. Samples are mono, 16 kHz, -1 to 1. */
import { seededRandom } from '../../bench/seeded-random.ts';
import { encodeSamples, buildWav } from './build-wav.ts';

export const RATE_HZ = 16_000;

/** `db` louder or softer; never into clipping: a smaller gain where the peak would pass full scale. */
export function withGain(samples: Float32Array, db: number): Float32Array {
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
  const factor = Math.min(10 ** (db / 20), 0.98 / peak);
  return samples.map((value) => value * factor);
}

export function withSilence(samples: Float32Array, beforeS: number, afterS: number): Float32Array {
  const before = Math.round(beforeS * RATE_HZ);
  const result = new Float32Array(before + samples.length + Math.round(afterS * RATE_HZ));
  result.set(samples, before);
  return result;
}

/** A WAV of two equal channels with 24 bits. */
export function stereo24(samples: Float32Array, sampleRateHz: number): Uint8Array {
  const interleaved = Array.from(samples).flatMap((value) => [value, value]);
  const data = encodeSamples(interleaved, 1, 24);
  return buildWav({ data, bits: 24, channels: 2, sampleRateHz });
}

const FRAME = 480;
const HOP = 240;
const SEARCH = 80;

/**
 * `factor` times as long at the same pitch: overlapping frames, each taken where it continues the
 * one before best (WSOLA; Verhelst and Roelands, 1993).
 */
export function slowed(samples: Float32Array, factor: number): Float32Array {
  const result = new Float32Array(Math.floor(samples.length * factor));
  let natural = 0;
  for (let out = 0; out + FRAME < result.length; out += HOP) {
    const ideal = Math.round(out / factor);
    const first = out === 0 ? 0 : bestContinuation(samples, ideal, natural);
    for (let at = 0; at < FRAME; at++) {
      const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / FRAME);
      result[out + at] = (result[out + at] ?? 0) + weight * (samples[first + at] ?? 0);
    }
    natural = first + HOP;
  }
  return result;
}

function bestContinuation(samples: Float32Array, ideal: number, natural: number): number {
  let best = ideal;
  let highest = -Infinity;
  for (let first = Math.max(0, ideal - SEARCH); first <= ideal + SEARCH; first++) {
    let sum = 0;
    for (let at = 0; at < FRAME; at += 2) {
      sum += (samples[first + at] ?? 0) * (samples[natural + at] ?? 0);
    }
    if (sum > highest) [best, highest] = [first, sum];
  }
  return best;
}

/** Without what lies between two times; 5 ms of crossfade at the seam. */
export function without(samples: Float32Array, startS: number, endS: number): Float32Array {
  const [start, end] = [Math.round(startS * RATE_HZ), Math.round(endS * RATE_HZ)];
  const fade = 80;
  const result = new Float32Array(samples.length - (end - start));
  result.set(samples.subarray(0, start));
  result.set(samples.subarray(end), start);
  for (let at = 0; at < fade; at++) {
    const share = at / fade;
    const [out, back] = [samples[start - fade + at] ?? 0, samples[end - fade + at] ?? 0];
    if (start - fade + at >= 0) result[start - fade + at] = (1 - share) * out + share * back;
  }
  return result;
}

const ORDER = 18;
const STEP = 160;
const WINDOW = 400;

/**
 * The same words in a flat, buzzing voice: linear prediction gives the vocal tract of each 10 ms,
 * pulses of one pitch with a little noise are sent through it, in voiceless sounds too, so that no
 * other pitch can be found anywhere.
 */
export function monotone(samples: Float32Array, hz: number): Float32Array {
  const random = seededRandom(7);
  const period = Math.round(RATE_HZ / hz);
  const result = new Float32Array(samples.length);
  let toPulse = 0;
  for (let start = 0; start < samples.length; start += STEP) {
    const { coefficients, residualPower } = predict(samples, start - (WINDOW - STEP) / 2);
    for (let at = start; at < Math.min(samples.length, start + STEP); at++) {
      let excitation = 0.1 * (random() - 0.5) * Math.sqrt(12 * residualPower);
      if (toPulse <= 0) {
        excitation += Math.sqrt(residualPower * period);
        toPulse = period;
      }
      toPulse -= 1;
      let value = excitation;
      for (let k = 1; k <= ORDER; k++) value -= (coefficients[k] ?? 0) * (result[at - k] ?? 0);
      result[at] = Math.max(-1, Math.min(1, value));
    }
  }
  return result;
}

/** Autocorrelation method, Levinson-Durbin. */
function predict(samples: Float32Array, first: number) {
  const frame = Float64Array.from({ length: WINDOW }, (_, at) => {
    const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / WINDOW);
    return weight * (samples[first + at] ?? 0);
  });
  const r = Array.from({ length: ORDER + 1 }, (_, lag) => {
    let sum = lag === 0 ? 1e-9 : 0;
    for (let at = lag; at < WINDOW; at++) sum += (frame[at] ?? 0) * (frame[at - lag] ?? 0);
    return sum;
  });
  const a = new Float64Array(ORDER + 1);
  a[0] = 1;
  let error = (r[0] ?? 0) * 1.0001;
  for (let i = 1; i <= ORDER; i++) {
    let sum = r[i] ?? 0;
    for (let j = 1; j < i; j++) sum += (a[j] ?? 0) * (r[i - j] ?? 0);
    const k = -sum / error;
    const before = a.slice();
    for (let j = 1; j < i; j++) a[j] = (before[j] ?? 0) + k * (before[i - j] ?? 0);
    a[i] = k;
    error *= 1 - k * k;
  }
  // 0.375: mean square of the Hann window.
  return { coefficients: a, residualPower: error / (0.375 * WINDOW) };
}
