import { percentile } from './percentile.ts';

/** Softer than the loudest speech by more than this counts as silence; found on learners' recordings. */
const SILENCE_BELOW_P97_DB = 30;

/** As audio/energy.ts and loud-level.ts: so soft, or further below the loudest, is silence that was added. */
const DIGITAL_SILENCE_DB = -100;
const EMPTY_BELOW_TOP_DB = 70;

export interface SilenceLevel {
  /** 97th percentile of the energies of frames that hold something: about the loudness of stressed vowels. */
  loudDb: number;
  /** Frames below this are silent. */
  silenceDb: number;
}

/** Where silence begins in this recording. Null without frames. */
export function silenceLevel(energyDb: readonly number[]): SilenceLevel | null {
  const loudDb = percentile(soundingFrames(energyDb), 97);
  return loudDb === null ? null : { loudDb, silenceDb: loudDb - SILENCE_BELOW_P97_DB };
}

/**
 * The frames that hold something, however soft: digital silence says nothing of a recording. All of
 * them where none does.
 */
export function soundingFrames(energyDb: readonly number[]): readonly number[] {
  const top = energyDb.reduce((most, db) => Math.max(most, db), -Infinity);
  if (top <= DIGITAL_SILENCE_DB) return energyDb;
  return energyDb.filter((db) => db > DIGITAL_SILENCE_DB && db >= top - EMPTY_BELOW_TOP_DB);
}
