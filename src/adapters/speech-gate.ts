/** Can there be speech at all? The decoder lays words even over hum, hiss and digital silence. */
import { DIGITAL_SILENCE_DB } from '../audio/energy.ts';

/** 10 ms at 16 kHz. */
const FRAME = 160;
/** Loud frames re full scale: 180 learners' recordings had -33 dB or more, empty rooms -52 dB. */
const MIN_LEVEL_DB = -60;
/** Loud minus quiet frames: speech in noise of its own power has 6 dB or more, steady noise 2. */
const MIN_RANGE_DB = 6;
/** Frames this far below the loud ones are not looked at. */
const VOICE_BELOW_LOUD_DB = 20;
/** One short vowel; whole sentences had 47 or more, 33 in noise of their own power. */
const MIN_VOICED_FRAMES = 10;
/** Normalised autocorrelation from which a frame counts as voiced. */
const MIN_CORRELATION = 0.6;
/** Autocorrelation at half the sample rate: a window of 30 ms, voices of 75 to 400 Hz. */
const WINDOW = 240;
const MIN_LAG = 20;
const MAX_LAG = 107;

/**
 * False for samples (16 kHz mono, -1 to 1) that cannot be a spoken sentence: too quiet, too steady,
 * or with less than 0.1 s of voice. Takes about a thousandth of the recording's duration.
 */
export function soundsLikeSpeech(samples: Float32Array): boolean {
  const levels = frameLevelsDb(samples);
  // Silence that was added makes neither steady noise speech nor a short sentence too quiet.
  const sorted = levels.filter((level) => level > DIGITAL_SILENCE_DB).sort((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? -Infinity;
  const loud = quantile(0.97);
  if (loud < MIN_LEVEL_DB || loud - quantile(0.1) < MIN_RANGE_DB) return false;
  const half = halfRate(samples);
  let voiced = 0;
  return levels.some((level, frame) => {
    const isLoud = level > loud - VOICE_BELOW_LOUD_DB;
    if (isLoud && periodicity(half, (frame * FRAME) / 2) >= MIN_CORRELATION) voiced++;
    return voiced >= MIN_VOICED_FRAMES;
  });
}

function frameLevelsDb(samples: Float32Array): number[] {
  return Array.from({ length: Math.floor(samples.length / FRAME) }, (_, frame) => {
    let power = 1e-10;
    for (let at = frame * FRAME; at < (frame + 1) * FRAME; at++) {
      power += (samples[at] ?? 0) ** 2 / FRAME;
    }
    return 10 * Math.log10(power);
  });
}

function halfRate(samples: Float32Array): Float32Array {
  return Float32Array.from(
    { length: samples.length >> 1 },
    (_, at) => ((samples[2 * at] ?? 0) + (samples[2 * at + 1] ?? 0)) / 2,
  );
}

/** Highest normalised autocorrelation over the lags of a voice, for the window from `start`. */
function periodicity(half: Float32Array, start: number): number {
  if (start + WINDOW + MAX_LAG > half.length) return 0;
  let best = 0;
  for (let lag = MIN_LAG; lag <= MAX_LAG; lag++) {
    let cross = 0;
    let power = 1e-9;
    let lagged = 1e-9;
    for (let at = start; at < start + WINDOW; at++) {
      const now = half[at] ?? 0;
      const later = half[at + lag] ?? 0;
      cross += now * later;
      power += now * now;
      lagged += later * later;
    }
    best = Math.max(best, cross / Math.sqrt(power * lagged));
  }
  return best;
}
