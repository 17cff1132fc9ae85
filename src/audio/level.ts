import { loudLevel } from './loud-level.ts';

/** Where loud speech is put, dB re full scale. */
const LOUD_DB = -20;
const HIGHEST_PEAK = 0.98;

/**
 * The recording at a standard level: its loud frames (`loudLevel` of `energyDb`, one per 10 ms, as
 * `frameEnergyDb`) at -20 dB, or as near as its peak allows. The acoustic model floors energies at
 * fixed values, so that without this a soft recording would get other scores than the same one louder.
 * Silence is returned as it is.
 */
export function atStandardLevel(samples: Float32Array, energyDb: readonly number[]): Float32Array {
  const loud = loudLevel(energyDb);
  const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (loud === undefined || peak === 0) return samples;
  const factor = Math.min(10 ** ((LOUD_DB - loud) / 20), HIGHEST_PEAK / peak);
  return samples.map((value) => value * factor);
}
