import { percentile } from './percentile.ts';

/** Softer than the loudest speech by more than this counts as silence; found on learners' recordings. */
const SILENCE_BELOW_P97_DB = 30;

export interface SilenceLevel {
  /** 97th percentile of the frame energies: about the loudness of stressed vowels. */
  loudDb: number;
  /** Frames below this are silent. */
  silenceDb: number;
}

/** Where silence begins in this recording. Null without frames. */
export function silenceLevel(energyDb: readonly number[]): SilenceLevel | null {
  const loudDb = percentile(energyDb, 97);
  return loudDb === null ? null : { loudDb, silenceDb: loudDb - SILENCE_BELOW_P97_DB };
}
