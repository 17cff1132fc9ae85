/** How long one analysis may take, by the size of its recording. */
export interface TimeLimits {
  /** For everything that does not depend on the recording: loading engines and lexicon. */
  baseMs: number;
  /** For each second of audio. */
  perSecondMs: number;
  mostMs: number;
}

export const TIME_LIMITS: TimeLimits = {
  // Engines and lexicon load in 1 to 2 s; a busy machine may need ten times as long.
  baseMs: 20_000,
  // Analyses take at most 0.4 × real time on a busy core.
  perSecondMs: 1000,
  // Below the activity's two minutes, so that the reason is ours and not "timed out".
  mostMs: 80_000,
};
/** 8 kHz with 8 bits: no WAV file that is accepted has fewer bytes a second. */
const LEAST_BYTES_PER_S = 8000;

/** Proportional to the longest recording that `bytes` of WAV can hold; what the file claims counts nothing. */
export function analysisTimeMs(
  bytes: number,
  maxSeconds: number,
  { baseMs, perSecondMs, mostMs }: TimeLimits = TIME_LIMITS,
): number {
  const seconds = Math.min(maxSeconds, bytes / LEAST_BYTES_PER_S);
  return Math.min(mostMs, Math.ceil(baseMs + seconds * perSecondMs));
}
