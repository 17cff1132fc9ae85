/** Short-time power spectra as the acoustic model's front end wants them. */

/** 16 kHz: 10 ms between frames, 25.625 ms in a frame. */
const HOP = 160;
const WINDOW_LENGTH = 410;
const FFT_SIZE = 512;
const PREEMPHASIS = 0.97;
/** The model's Gaussians were trained on 16-bit samples; only a floor in the mel energies notices. */
const FULL_SCALE = 32_768;
/** 31.25 Hz apart, up to 5219 Hz: beyond the highest mel filter (3700 Hz) stretched by 1.4. */
export const SPECTRUM_BINS = 168;
export const BIN_HZ = 16_000 / FFT_SIZE;

const hamming = Float64Array.from(
  { length: WINDOW_LENGTH },
  (_, at) => 0.54 - 0.46 * Math.cos((2 * Math.PI * at) / (WINDOW_LENGTH - 1)),
);
const cosines = Float64Array.from({ length: FFT_SIZE / 2 }, (_, at) => Math.cos(angle(at)));
const sines = Float64Array.from({ length: FFT_SIZE / 2 }, (_, at) => Math.sin(angle(at)));
const reversed = Uint16Array.from({ length: FFT_SIZE }, (_, at) => bitReversed(at));

/** Power per frame and bin: `power[frame * SPECTRUM_BINS + bin]`, bin 0 is 0 Hz. */
export interface PowerSpectra {
  frames: number;
  power: Float64Array;
}

/**
 * Power spectra of `samples` (16 kHz mono, -1 to 1): pre-emphasis 0.97, Hamming window of 25.625 ms
 * beginning at `frame * 10 ms`, 512 points. One frame per whole 10 ms; samples beyond the end count
 * as zero. Two frames share one complex transform. Throws nothing.
 */
export function powerSpectra(samples: Float32Array): PowerSpectra {
  const frames = Math.floor(samples.length / HOP);
  const power = new Float64Array(frames * SPECTRUM_BINS);
  const real = new Float64Array(FFT_SIZE);
  const imaginary = new Float64Array(FFT_SIZE);
  for (let frame = 0; frame < frames; frame += 2) {
    cutFrame(samples, frame * HOP, real);
    cutFrame(samples, (frame + 1) * HOP, imaginary);
    transform(real, imaginary);
    const first = frame * SPECTRUM_BINS;
    for (let bin = 0; bin < SPECTRUM_BINS; bin++) {
      const mirrored = (FFT_SIZE - bin) % FFT_SIZE;
      const [a, b] = [real[bin] ?? 0, imaginary[bin] ?? 0];
      const [c, d] = [real[mirrored] ?? 0, imaginary[mirrored] ?? 0];
      power[first + bin] = ((a + c) ** 2 + (b - d) ** 2) / 4;
      if (frame + 1 < frames) {
        power[first + SPECTRUM_BINS + bin] = ((b + d) ** 2 + (a - c) ** 2) / 4;
      }
    }
  }
  return { frames, power };
}

/** Writes the windowed samples from `start` to where the transform expects them. */
function cutFrame(samples: Float32Array, start: number, target: Float64Array): void {
  target.fill(0);
  const length = Math.min(WINDOW_LENGTH, samples.length - start);
  let previous = samples[start - 1] ?? 0;
  for (let at = 0; at < length; at++) {
    const sample = samples[start + at] ?? 0;
    target[reversed[at] ?? 0] = (sample - PREEMPHASIS * previous) * FULL_SCALE * (hamming[at] ?? 0);
    previous = sample;
  }
}

/** Radix-2 transform in place of input in bit-reversed order. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  for (let half = 1; half < FFT_SIZE; half *= 2) {
    const stride = FFT_SIZE / (2 * half);
    for (let offset = 0; offset < half; offset++) {
      const cosine = cosines[offset * stride] ?? 0;
      const sine = sines[offset * stride] ?? 0;
      for (let low = offset; low < FFT_SIZE; low += 2 * half) {
        const high = low + half;
        const [x, y] = [real[high] ?? 0, imaginary[high] ?? 0];
        const turnedX = x * cosine - y * sine;
        const turnedY = x * sine + y * cosine;
        const [lowX, lowY] = [real[low] ?? 0, imaginary[low] ?? 0];
        real[high] = lowX - turnedX;
        imaginary[high] = lowY - turnedY;
        real[low] = lowX + turnedX;
        imaginary[low] = lowY + turnedY;
      }
    }
  }
}

function angle(at: number): number {
  return (-2 * Math.PI * at) / FFT_SIZE;
}

function bitReversed(at: number): number {
  let result = 0;
  for (let bit = 1, opposite = FFT_SIZE >> 1; opposite > 0; bit <<= 1, opposite >>= 1) {
    if ((at & bit) !== 0) result |= opposite;
  }
  return result;
}
