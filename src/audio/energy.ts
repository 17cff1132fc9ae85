const hop = 160;
const windowLength = 400;
/** What frames of digital silence have. */
export const DIGITAL_SILENCE_DB = -100;
/** Keeps them there. */
const floorPower = 1e-10;

/** Squared Hann weights (zero at both ends, as `numpy.hanning`), divided by their number. */
const weights = Float64Array.from(
  { length: windowLength },
  (_, at) => (0.5 - 0.5 * Math.cos((2 * Math.PI * at) / (windowLength - 1))) ** 2 / windowLength,
);

/**
 * Energy every 10 ms, in dB re full scale, rounded to 0.01 dB; -100 is digital silence.
 *
 * `samples` are mono at 16 kHz, -1 to 1. Frame `i` is a 25 ms Hann window centred at
 * `(i + 0.5) * 10 ms`; samples beyond the recording count as zero, and a last hop of less than
 * 10 ms has no frame. Throws nothing.
 */
export function frameEnergyDb(samples: Float32Array): number[] {
  const energies = new Array<number>(Math.floor(samples.length / hop));
  for (let frame = 0; frame < energies.length; frame++) {
    const first = frame * hop - (windowLength - hop) / 2;
    const start = Math.max(0, -first);
    const end = Math.min(windowLength, samples.length - first);
    // Two sums, since each addition to one would wait for the last; no reads beyond the ends,
    // which would slow down all others.
    let power = floorPower;
    let odd = 0;
    for (let at = start; at + 1 < end; at += 2) {
      const sample = samples[first + at] ?? 0;
      const next = samples[first + at + 1] ?? 0;
      power += sample * sample * (weights[at] ?? 0);
      odd += next * next * (weights[at + 1] ?? 0);
    }
    if ((end - start) % 2 === 1)
      odd += (samples[first + end - 1] ?? 0) ** 2 * (weights[end - 1] ?? 0);
    energies[frame] = Math.round(1000 * Math.log10(power + odd)) / 100;
  }
  return energies;
}
