import { designKernel } from './resample-kernel.ts';
import type { Kernel } from './resample-kernel.ts';

// One entry: a service sees one rate most of the time, and hostile headers must not fill memory.
let latest: Kernel | undefined;

/**
 * Changes the sample rate with a band-limited polyphase filter (Kaiser-windowed sinc).
 *
 * `samples` of any scale; the result has `round(length * toHz / fromHz)` samples of the same scale
 * and starts at the same time. Flat within 0.1 dB to 87.5 % of the lower Nyquist frequency;
 * what would alias or image is at least 60 dB down. Equal rates return `samples` itself.
 * Rates are whole numbers in Hz; any other throws a RangeError.
 * Source: Kaiser's formulas in Oppenheim and Schafer, "Discrete-Time Signal Processing", 7.6.
 */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  for (const rate of [fromHz, toHz]) {
    if (!Number.isSafeInteger(rate) || rate <= 0) {
      throw new RangeError(`Sample rates are positive whole numbers in Hz, not ${rate}.`);
    }
  }
  if (fromHz === toHz) return samples;
  if (latest?.fromHz !== fromHz || latest.toHz !== toHz) latest = designKernel(fromHz, toHz);
  const result = new Float32Array(Math.round((samples.length * toHz) / fromHz));
  if (latest.phases === latest.up) resampleByPhase(latest, samples, result);
  else resampleBetweenPhases(latest, samples, result);
  return result;
}

/**
 * All results of one phase after another, two neighbouring phases at once: results of one phase
 * share weights, those of neighbours samples, and none waits for another's additions. Eight at once
 * take a third of the time they take one by one, and are the same to the last bit.
 */
function resampleByPhase(kernel: Kernel, samples: Float32Array, result: Float32Array): void {
  const { up, down, taps, gap } = kernel;
  const starts = Math.min(up, result.length);
  for (let start = 0; start < starts; start += 2) {
    const isPair = start + 1 < starts;
    const row = rowOf(kernel, start);
    const shift = firstOf(kernel, start + 1) - firstOf(kernel, start);
    // Where the neighbour's weights are when they are laid over the same samples.
    const nextRow = rowOf(kernel, start + 1) - shift;
    let at = start;
    let first = firstOf(kernel, start);
    while (at < result.length) {
      const last = at + 3 * up + (isPair ? 1 : 0);
      const end = first + 3 * down + taps + gap;
      const isInside = first >= 0 && last < result.length && end <= samples.length;
      if (isInside && isPair) {
        putEight(kernel, samples, first, row, nextRow, taps + shift, result, at);
      } else if (isInside) putFour(kernel, samples, first, row, result, at);
      else {
        result[at] = dot(samples, first, kernel.weights, row, taps);
        if (isPair && at + 1 < result.length) {
          result[at + 1] = dot(samples, first + shift, kernel.weights, nextRow + shift, taps);
        }
      }
      at += (isInside ? 4 : 1) * up;
      first += (isInside ? 4 : 1) * down;
    }
  }
}

/** Where the weights of output sample `at` begin, and the first input sample they are for. */
function rowOf({ up, down, taps, gap }: Kernel, at: number): number {
  return gap + ((at * down) % up) * (taps + gap);
}

function firstOf({ up, down, taps }: Kernel, at: number): number {
  return Math.floor((at * down) / up) - taps / 2 + 1;
}

/** Four results each of two phases; `length` taps reach over the samples of both. */
function putEight(
  { up, down, weights }: Kernel,
  samples: Float32Array,
  first: number,
  row: number,
  nextRow: number,
  length: number,
  result: Float32Array,
  at: number,
): void {
  const second = first + down;
  const third = second + down;
  const fourth = third + down;
  let own1 = 0;
  let own2 = 0;
  let own3 = 0;
  let own4 = 0;
  let next1 = 0;
  let next2 = 0;
  let next3 = 0;
  let next4 = 0;
  for (let tap = 0; tap < length; tap++) {
    const own = weights[row + tap] ?? 0;
    const next = weights[nextRow + tap] ?? 0;
    const sample1 = samples[first + tap] ?? 0;
    own1 += sample1 * own;
    next1 += sample1 * next;
    const sample2 = samples[second + tap] ?? 0;
    own2 += sample2 * own;
    next2 += sample2 * next;
    const sample3 = samples[third + tap] ?? 0;
    own3 += sample3 * own;
    next3 += sample3 * next;
    const sample4 = samples[fourth + tap] ?? 0;
    own4 += sample4 * own;
    next4 += sample4 * next;
  }
  result[at] = own1;
  result[at + 1] = next1;
  result[at + up] = own2;
  result[at + up + 1] = next2;
  result[at + 2 * up] = own3;
  result[at + 2 * up + 1] = next3;
  result[at + 3 * up] = own4;
  result[at + 3 * up + 1] = next4;
}

/** Four results of one phase. */
function putFour(
  { up, down, taps, weights }: Kernel,
  samples: Float32Array,
  first: number,
  row: number,
  result: Float32Array,
  at: number,
): void {
  const second = first + down;
  const third = second + down;
  const fourth = third + down;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let sum4 = 0;
  for (let tap = 0; tap < taps; tap++) {
    const weight = weights[row + tap] ?? 0;
    sum1 += (samples[first + tap] ?? 0) * weight;
    sum2 += (samples[second + tap] ?? 0) * weight;
    sum3 += (samples[third + tap] ?? 0) * weight;
    sum4 += (samples[fourth + tap] ?? 0) * weight;
  }
  result[at] = sum1;
  result[at + up] = sum2;
  result[at + 2 * up] = sum3;
  result[at + 3 * up] = sum4;
}

/** Rates with more phases than rows: linear between the two nearest rows. */
function resampleBetweenPhases(kernel: Kernel, samples: Float32Array, result: Float32Array): void {
  const { up, down, phases, taps, weights, gap } = kernel;
  for (let at = 0; at < result.length; at++) {
    const base = Math.floor((at * down) / up);
    const exactPhase = ((at * down - base * up) * phases) / up;
    const phase = Math.floor(exactPhase);
    const first = base - taps / 2 + 1;
    const row = gap + phase * (taps + gap);
    const sum = dot(samples, first, weights, row, taps);
    const next = dot(samples, first, weights, row + taps + gap, taps);
    result[at] = sum + (exactPhase - phase) * (next - sum);
  }
}

/** Samples beyond either end count as zero. */
function dot(
  samples: Float32Array,
  first: number,
  weights: Float64Array,
  row: number,
  taps: number,
): number {
  const end = Math.min(taps, samples.length - first);
  let sum = 0;
  for (let tap = Math.max(0, -first); tap < end; tap++) {
    sum += (samples[first + tap] ?? 0) * (weights[row + tap] ?? 0);
  }
  return sum;
}
