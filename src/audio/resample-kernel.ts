/** Share of the lower Nyquist frequency that passes untouched: 7 kHz of 8 when the target is 16 kHz. */
const passShare = 0.875;
/** What lies above the lower Nyquist frequency is at least this far down. */
const stopbandDb = 70;
/** Odd rates (such as 12,347 Hz) would need a row for each of up to 16,000 phases. */
const maxPhases = 1024;

export interface Kernel {
  fromHz: number;
  toHz: number;
  /** Output sample `i` lies at input position `i * down / up`. */
  up: number;
  down: number;
  /** `phases + 1` rows of `taps` weights; row `p` is for a position `p / phases` past a sample. */
  phases: number;
  taps: number;
  /** Row `p` begins at `gap + p * (taps + gap)`; between the rows lie `gap` zeros. */
  weights: Float64Array;
  /** As many as the positions of two neighbouring output samples can lie apart. */
  gap: number;
}

export function designKernel(fromHz: number, toHz: number): Kernel {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const phases = Math.min(up, maxPhases);
  // Frequencies are in cycles per input sample.
  const stop = Math.min(0.5, toHz / fromHz / 2);
  const transition = stop * (1 - passShare);
  const cutoff = stop - transition / 2;
  const halfTaps = Math.ceil((stopbandDb - 7.95) / (14.36 * transition) / 2);
  const beta = 0.1102 * (stopbandDb - 8.7);
  const taps = 2 * halfTaps;
  const down = fromHz / divisor;
  const gap = Math.ceil(down / up);
  const weights = new Float64Array(gap + (phases + 1) * (taps + gap));
  for (let phase = 0; phase <= phases; phase++) {
    const start = gap + phase * (taps + gap);
    const row = weights.subarray(start, start + taps);
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const distance = tap - halfTaps + 1 - phase / phases;
      const weight = 2 * cutoff * sinc(2 * cutoff * distance) * kaiser(distance / halfTaps, beta);
      row[tap] = weight;
      sum += weight;
    }
    // Every phase passes a constant unchanged; else their differences would be heard as a tone.
    for (let tap = 0; tap < taps; tap++) row[tap] = (row[tap] ?? 0) / sum;
  }
  return { fromHz, toHz, up, down, phases, taps, weights, gap };
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser window at `x` of its half width, -1 to 1. */
function kaiser(x: number, beta: number): number {
  return Math.abs(x) > 1 ? 0 : besselI0(beta * Math.sqrt(1 - x * x)) / besselI0(beta);
}

/** Modified Bessel function of the first kind, order 0; its power series. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestCommonDivisor(other, one % other);
}
