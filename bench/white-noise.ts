import { seededRandom } from './seeded-random.ts';

/** `samples` with white Gaussian noise `snrDb` below their mean power; equal seeds, equal noise. */
export function whiteNoise(samples: Float32Array, snrDb: number, seed = 1): Float32Array {
  const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
  const deviation = Math.sqrt(power / 10 ** (snrDb / 10));
  const random = seededRandom(seed);
  return samples.map((value) => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return value + deviation * normal;
  });
}
