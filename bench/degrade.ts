/** Damage to a recording, always the same on every call. Samples are mono at 16 kHz, -1 to 1. */

const RATE_HZ = 16_000;
const FRAME = 160;
/** Frames within this of the loudest ones count as speech. */
const SPEECH_BELOW_LOUD_DB = 30;

/** As if the microphone were driven `driveDb` beyond the level that just reaches full scale. */
export function clip(samples: Float32Array, driveDb: number): Float32Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-9);
  const gain = 10 ** (driveDb / 20) / peak;
  return samples.map((sample) => Math.max(-1, Math.min(1, sample * gain)));
}

/**
 * White Gaussian noise `snrDb` below the mean power of the speech, scaled so that nothing clips.
 */
export function addNoise(samples: Float32Array, snrDb: number): Float32Array {
  const deviation = Math.sqrt(speechPower(samples)) * 10 ** (-snrDb / 20);
  const random = gaussian();
  const noisy = samples.map((sample) => sample + deviation * random());
  const peak = noisy.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return peak < 1 ? noisy : noisy.map((sample) => (0.99 * sample) / peak);
}

/** Nobody speaks: the hiss of a quiet room, `levelDb` re full scale; -Infinity is digital silence. */
export function silence(samples: Float32Array, levelDb: number): Float32Array {
  const random = gaussian();
  const deviation = 10 ** (levelDb / 20);
  return samples.map(() => deviation * random());
}

/** Recording stopped too soon: only `share` (0–1) of it is left. */
export function cut(samples: Float32Array, share: number): Float32Array {
  return samples.slice(0, Math.round(samples.length * share));
}

/** Only `seconds` from the middle are left. */
export function snippet(samples: Float32Array, seconds: number): Float32Array {
  const length = Math.min(samples.length, Math.round(seconds * RATE_HZ));
  const start = (samples.length - length) >> 1;
  return samples.slice(start, start + length);
}

/** Mean power of the frames within 30 dB of the 97th percentile. */
function speechPower(samples: Float32Array): number {
  const powers = Array.from({ length: Math.floor(samples.length / FRAME) }, (_, frame) =>
    samples
      .subarray(frame * FRAME, (frame + 1) * FRAME)
      .reduce((sum, sample) => sum + (sample * sample) / FRAME, 0),
  ).sort((a, b) => a - b);
  const loud = powers[Math.floor(0.97 * (powers.length - 1))] ?? 0;
  const speech = powers.filter((power) => power >= loud * 10 ** (-SPEECH_BELOW_LOUD_DB / 10));
  return speech.reduce((sum, power) => sum + power, 0) / Math.max(1, speech.length);
}

function gaussian(): () => number {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state + 1) / 0x80000001;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
