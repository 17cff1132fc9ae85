import { DIGITAL_SILENCE_DB } from './energy.ts';

/** Frames further below the loudest hold nothing, either: silence that was added, not recorded. */
const EMPTY_BELOW_TOP_DB = 70;

/**
 * 97th percentile of `energyDb` (dB, one per 10 ms, as `frameEnergyDb`) over the frames that hold
 * something: about the loudness of stressed vowels, however much digital silence lies around them.
 * Undefined without frames. Throws nothing.
 */
export function loudLevel(energyDb: readonly number[]): number | undefined {
  const top = energyDb.reduce((most, db) => Math.max(most, db), -Infinity);
  const holds = (db: number) => db > DIGITAL_SILENCE_DB && db >= top - EMPTY_BELOW_TOP_DB;
  const sounding = top > DIGITAL_SILENCE_DB ? energyDb.filter(holds) : [...energyDb];
  const sorted = sounding.sort((a, b) => a - b);
  return sorted[Math.round(0.97 * (sorted.length - 1))];
}
