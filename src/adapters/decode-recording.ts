/** Any recording as the analyses want it; what it is, its bytes say. */
import { AudioError } from '../audio/audio-error.ts';
import { decodeSpeech } from '../audio/decode-speech.ts';
import { nameForeignFormat } from '../audio/foreign-format.ts';
import { recordingFormatOf } from '../audio/recording-format.ts';
import type { CompressedLimits } from './decode-compressed.ts';

/** Mono at 16 kHz, -1 to 1 (resampling can overshoot a little). Throws an AudioError. */
export async function decodeRecording(
  bytes: Uint8Array,
  limits: CompressedLimits,
): Promise<Float32Array> {
  const format = recordingFormatOf(bytes);
  if (format === 'wav') return decodeSpeech(bytes, limits);
  if (format === 'other') {
    const name = nameForeignFormat(bytes) ?? 'no audio file that is known';
    throw new AudioError(
      'unsupported',
      `This is ${name}. Have the application upload WAV, FLAC, MP3, Ogg Opus, WebM Opus or M4A (AAC).`,
    );
  }
  const { decodeCompressed } = await import('./decode-compressed.ts');
  return decodeCompressed(bytes, format, limits);
}
