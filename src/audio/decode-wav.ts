import { AudioError } from './audio-error.ts';
import { findWavChunks } from './riff-chunks.ts';
import { sampleReaderFor } from './sample-reader.ts';
import { parseWavFormat } from './wav-format.ts';

export interface AudioLimits {
  maxSeconds: number;
}

export interface DecodedWav {
  sampleRateHz: number;
  /**
   * Mono mixdown: floats from -1 to 1, or for mono files of 8 bits a sample 16-bit integers, so
   * that decoding never takes more than twice the file. `decodeSpeech` hides the difference.
   */
  samples: Float32Array | Int16Array;
}

/**
 * Decodes a WAV file: 8, 16, 24 or 32-bit integers, 32 or 64-bit floats, A-law or µ-law, also as
 * WAVE_FORMAT_EXTENSIBLE; one or two channels; 8 to 96 kHz.
 *
 * Hostile input is expected: no size in the file is trusted, the one allocation that grows with
 * the file is at most twice as large, and nothing loops longer than the file. Throws an AudioError:
 * `empty` (no bytes or no samples), `unsupported` (not WAV, or not one of these encodings),
 * `damaged` (incomplete or contradictory header, NaN or infinity), `too_long`.
 */
export function decodeWav(bytes: Uint8Array, { maxSeconds }: AudioLimits): DecodedWav {
  const chunks = findWavChunks(bytes);
  const format = parseWavFormat(bytes, chunks.format);
  const { channels, sampleRateHz, bytesPerSample } = format;
  const frameBytes = channels * bytesPerSample;
  const count = Math.floor(chunks.data.length / frameBytes);
  if (count === 0) {
    throw new AudioError(
      'empty',
      'The WAV file holds no samples. Check that the microphone was on and the upload complete.',
    );
  }
  if (count > maxSeconds * sampleRateHz) {
    const seconds = (count / sampleRateHz).toFixed(1);
    throw new AudioError(
      'too_long',
      `The recording lasts ${seconds} s; at most ${maxSeconds} s are accepted. Record only the sentence.`,
    );
  }

  const read = sampleReaderFor(format.encoding, bytesPerSample);
  const view = new DataView(bytes.buffer, bytes.byteOffset + chunks.data.start, count * frameBytes);
  if (frameBytes === 1) {
    const samples = new Int16Array(count);
    for (let at = 0; at < count; at++) samples[at] = read(view, at) * 0x8000;
    return { sampleRateHz, samples };
  }
  const samples = new Float32Array(count);
  if (format.encoding === 'integer' && bytesPerSample === 2 && channels === 1) {
    // What nearly all recordings are: without a call for each sample, in half the time.
    for (let at = 0; at < count; at++) samples[at] = view.getInt16(2 * at, true) / 0x8000;
    return { sampleRateHz, samples };
  }
  for (let at = 0; at < count; at++) {
    const first = read(view, at * frameBytes);
    samples[at] =
      channels === 1 ? first : (first + read(view, at * frameBytes + bytesPerSample)) / 2;
  }
  return { sampleRateHz, samples };
}
