import { decodeWav } from './decode-wav.ts';
import type { AudioLimits } from './decode-wav.ts';
import { resample } from './resample.ts';
import { speechRateHz } from './speech-rate.ts';

/**
 * A WAV file as the analyses want it: mono at 16 kHz, -1 to 1 (resampling can overshoot a little).
 * Throws an AudioError as `decodeWav`.
 */
export function decodeSpeech(bytes: Uint8Array, limits: AudioLimits): Float32Array {
  const { sampleRateHz, samples } = decodeWav(bytes, limits);
  const scaled =
    samples instanceof Float32Array
      ? samples
      : Float32Array.from(samples, (value) => value / 0x8000);
  return resample(scaled, sampleRateHz, speechRateHz);
}
