/** Where the speech lies inside a recording, so that the silence around it can be left out. */

const FRAME_S = 0.01;
/** As silence-level.ts: softer than the loudest speech by more than this counts as silence. */
const SILENCE_BELOW_P97_DB = 30;
/** Kept around the speech: soft fricatives and stop closures lie below the level. */
const MARGIN_S = 0.25;

export interface SpeechRegion {
  /** Seconds from the start of the recording, whole frames of 10 ms; `startS < endS`. */
  startS: number;
  endS: number;
}

/**
 * From the first to the last frame within 30 dB of the 97th percentile, with 0.25 s on either side,
 * inside the recording. `energyDb` as `frameEnergyDb`: one value per 10 ms. Without frames the
 * region is empty (0 to 0). Throws nothing.
 */
export function speechRegion(energyDb: readonly number[]): SpeechRegion {
  const sorted = energyDb.toSorted((a, b) => a - b);
  const loud = sorted[Math.round(0.97 * (sorted.length - 1))] ?? 0;
  const speaks = (db: number) => db >= loud - SILENCE_BELOW_P97_DB;
  const first = energyDb.findIndex(speaks);
  const last = energyDb.findLastIndex(speaks);
  if (first < 0) return { startS: 0, endS: energyDb.length * FRAME_S };
  const margin = Math.round(MARGIN_S / FRAME_S);
  return {
    startS: Math.max(0, first - margin) / 100,
    endS: Math.min(energyDb.length, last + 1 + margin) / 100,
  };
}
