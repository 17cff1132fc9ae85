/** Taps on each side of the point. Praat uses 30 for the first estimate and 70 for the last one. */
export const sincDepth = 30;

const rows = 256;
const taps = 2 * sincDepth;
const table = buildTable();

/**
 * Value of a band-limited sequence between its samples: sin(x)/x interpolation under a raised
 * cosine, as Praat's `NUM_interpolate_sinc`, from a table (linear between 256 fractions: the error
 * is below 1e-5 of the largest sample).
 *
 * `values` must reach `sincDepth` samples beyond `position` on both sides; `position` counts in
 * samples from the start of `values`. Dimensionless; throws nothing.
 */
export function interpolateSinc(values: Float64Array, position: number): number {
  const left = Math.floor(position);
  const exactRow = (position - left) * rows;
  const row = Math.floor(exactRow);
  const upperShare = exactRow - row;
  const lower = row * taps;
  const upper = lower + taps;
  const first = left - sincDepth + 1;
  // Two sums for each row: one alone would wait for each addition before it could begin the next.
  let lowerSum = 0;
  let upperSum = 0;
  let lowerOdd = 0;
  let upperOdd = 0;
  for (let tap = 0; tap < taps; tap += 2) {
    const even = values[first + tap] ?? 0;
    const odd = values[first + tap + 1] ?? 0;
    lowerSum += even * (table[lower + tap] ?? 0);
    upperSum += even * (table[upper + tap] ?? 0);
    lowerOdd += odd * (table[lower + tap + 1] ?? 0);
    upperOdd += odd * (table[upper + tap + 1] ?? 0);
  }
  lowerSum += lowerOdd;
  upperSum += upperOdd;
  return lowerSum + upperShare * (upperSum - lowerSum);
}

/** Row `r`: weights of the 60 samples around a point `r / 256` of the way between the middle two. */
function buildTable(): Float32Array {
  const result = new Float32Array((rows + 1) * taps);
  for (let row = 0; row <= rows; row++) {
    const fraction = row / rows;
    for (let tap = 0; tap < taps; tap++) {
      const distance = fraction - (tap - sincDepth + 1);
      // Praat's window ends one sample beyond the outermost tap, so its halves differ in width.
      const halfWidth = distance >= 0 ? sincDepth + fraction : sincDepth + 1 - fraction;
      const sinc = distance === 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
      result[row * taps + tap] = sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / halfWidth));
    }
  }
  return result;
}
