/** Where the speech lies inside a recording, so that the silence around it can be left out. */
import { loudLevel } from './loud-level.ts';

const FRAME_S = 0.01;
/** As silence-level.ts: softer than the loudest speech by more than this counts as silence. */
const SILENCE_BELOW_P97_DB = 30;
/** Kept around the speech: soft fricatives and stop closures lie below the level. */
const MARGIN_S = 0.25;

export interface SpeechRegion {
  /** Seconds from the start of the recording, whole frames of 10 ms; below 0 where it begins late. */
  startS: number;
  /** Above `startS`, and beyond the recording's end where that comes early. */
  endS: number;
}

/**
 * From the first to the last frame within 30 dB of the loud level, with 0.25 s on either side, also
 * where the recording has less: so a recording that begins with speech is the same one whether or not
 * silence is put before it. `energyDb` as `frameEnergyDb`: one value per 10 ms. Without frames the
 * region is empty (0 to 0). Throws nothing.
 */
export function speechRegion(energyDb: readonly number[]): SpeechRegion {
  const loud = loudLevel(energyDb) ?? 0;
  const speaks = (db: number) => db >= loud - SILENCE_BELOW_P97_DB;
  const first = energyDb.findIndex(speaks);
  const last = energyDb.findLastIndex(speaks);
  if (first < 0) return { startS: 0, endS: energyDb.length * FRAME_S };
  const margin = Math.round(MARGIN_S / FRAME_S);
  return { startS: (first - margin) / 100, endS: (last + 1 + margin) / 100 };
}

/** The samples of a region: digital silence where it lies outside the recording. */
export function samplesOf(
  samples: Float32Array,
  { startS, endS }: SpeechRegion,
  rateHz: number,
): Float32Array {
  const [start, end] = [Math.round(startS * rateHz), Math.round(endS * rateHz)];
  const result = new Float32Array(end - start);
  result.set(
    samples.subarray(Math.max(0, start), Math.min(samples.length, end)),
    Math.max(0, -start),
  );
  return result;
}
