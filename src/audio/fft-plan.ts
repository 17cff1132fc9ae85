/**
 * A complex discrete Fourier transform of one power-of-two size, in place.
 *
 * Radix 4 with decimation in frequency, and steps of two where the size is no power of 4.
 * Source: Van Loan, "Computational Frameworks for the Fast Fourier Transform" (1992), chapter 2.
 */
export interface FftPlan {
  size: number;
  /** Where line `k` of the spectrum lies after the transform: at the bits of `k` in reverse. */
  place: Uint32Array;
  /** The longest first. */
  steps: FftStep[];
  /** Whether steps of two are left over. */
  hasPairs: boolean;
}

interface FftStep {
  length: number;
  /** For each `j` of a quarter: cos and sin of j, 2j and 3j turns by `length`. */
  twiddles: Float64Array;
}

/** `size` is a power of two. */
export function planFft(size: number): FftPlan {
  const steps: FftStep[] = [];
  let length = size;
  for (; length >= 4; length /= 4) steps.push({ length, twiddles: twiddlesOf(length) });
  return { size, place: bitReversed(size), steps, hasPairs: length === 2 };
}

function twiddlesOf(length: number): Float64Array {
  const twiddles = new Float64Array((6 * length) / 4);
  for (let j = 0; j < length / 4; j++) {
    for (let power = 1; power <= 3; power++) {
      const angle = (2 * Math.PI * j * power) / length;
      twiddles[6 * j + 2 * power - 2] = Math.cos(angle);
      twiddles[6 * j + 2 * power - 1] = Math.sin(angle);
    }
  }
  return twiddles;
}

function bitReversed(size: number): Uint32Array {
  const bits = Math.log2(size);
  return Uint32Array.from({ length: size }, (_, k) => {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) reversed |= ((k >> bit) & 1) << (bits - 1 - bit);
    return reversed;
  });
}

/**
 * Replaces the signal `re + i im` by its spectrum (exponent -i, not scaled); line `k` then lies at
 * `plan.place[k]`. Both arrays have `plan.size` entries. Allocates nothing, throws nothing.
 */
export function transform(plan: FftPlan, re: Float64Array, im: Float64Array): void {
  for (const step of plan.steps) quarterStep(step, plan.size, re, im);
  if (plan.hasPairs) pairStep(plan.size, re, im);
}

function quarterStep(step: FftStep, size: number, re: Float64Array, im: Float64Array): void {
  const { length, twiddles } = step;
  const quarter = length / 4;
  for (let block = 0; block < size; block += length) {
    for (let j = 0; j < quarter; j++) {
      const a = block + j;
      const b = a + quarter;
      const c = b + quarter;
      const d = c + quarter;
      const acRe = (re[a] ?? 0) + (re[c] ?? 0);
      const acIm = (im[a] ?? 0) + (im[c] ?? 0);
      const bdRe = (re[b] ?? 0) + (re[d] ?? 0);
      const bdIm = (im[b] ?? 0) + (im[d] ?? 0);
      const acGapRe = (re[a] ?? 0) - (re[c] ?? 0);
      const acGapIm = (im[a] ?? 0) - (im[c] ?? 0);
      const bdGapRe = (re[b] ?? 0) - (re[d] ?? 0);
      const bdGapIm = (im[b] ?? 0) - (im[d] ?? 0);
      re[a] = acRe + bdRe;
      im[a] = acIm + bdIm;
      // Lines 2 and 1 in this order, so that the bits of the whole come out in reverse.
      const w = 6 * j;
      const twoRe = acRe - bdRe;
      const twoIm = acIm - bdIm;
      const twoCos = twiddles[w + 2] ?? 0;
      const twoSin = twiddles[w + 3] ?? 0;
      re[b] = twoRe * twoCos + twoIm * twoSin;
      im[b] = twoIm * twoCos - twoRe * twoSin;
      const oneRe = acGapRe + bdGapIm;
      const oneIm = acGapIm - bdGapRe;
      const oneCos = twiddles[w] ?? 0;
      const oneSin = twiddles[w + 1] ?? 0;
      re[c] = oneRe * oneCos + oneIm * oneSin;
      im[c] = oneIm * oneCos - oneRe * oneSin;
      const threeRe = acGapRe - bdGapIm;
      const threeIm = acGapIm + bdGapRe;
      const threeCos = twiddles[w + 4] ?? 0;
      const threeSin = twiddles[w + 5] ?? 0;
      re[d] = threeRe * threeCos + threeIm * threeSin;
      im[d] = threeIm * threeCos - threeRe * threeSin;
    }
  }
}

function pairStep(size: number, re: Float64Array, im: Float64Array): void {
  for (let a = 0; a < size; a += 2) {
    const firstRe = re[a] ?? 0;
    const firstIm = im[a] ?? 0;
    const secondRe = re[a + 1] ?? 0;
    const secondIm = im[a + 1] ?? 0;
    re[a] = firstRe + secondRe;
    im[a] = firstIm + secondIm;
    re[a + 1] = firstRe - secondRe;
    im[a + 1] = firstIm - secondIm;
  }
}
