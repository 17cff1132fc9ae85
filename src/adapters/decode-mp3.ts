/** MP3 by mpg123 in WebAssembly: the only file that imports mpg123-decoder. */
import { MPEGDecoder } from 'mpg123-decoder';
import { AudioError } from '../audio/audio-error.ts';
import type { SoundCollector } from '../audio/collect-sound.ts';
import { freeing } from './freeing.ts';

/** Four seconds at the lowest bit rate: what is decoded in vain at the end of a long file. */
const CHUNK_BYTES = 4096;

/** `bytes` behind any ID3v2 tag. The coder's delay and padding are trimmed where a LAME tag tells them. */
export async function decodeMp3(bytes: Uint8Array, sound: SoundCollector): Promise<void> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  endAtFirstError(decoder);
  await freeing(decoder, async () => {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      const decoded = decoder.decode(bytes.subarray(at, at + CHUNK_BYTES));
      sound.add(decoded.channelData, decoded.sampleRate);
    }
    await Promise.resolve();
  });
}

/**
 * The decoder goes on after an error, for ever where mpg123 repeats it. It tells each error to
 * `addError` first, which is the only place to leave its loop.
 */
function endAtFirstError(decoder: MPEGDecoder): void {
  const { _common: common } = decoder as unknown as {
    _common?: { addError?: (errors: unknown[], message: string) => void };
  };
  if (common?.addError === undefined) throw new Error('mpg123-decoder has no addError any more');
  common.addError = (_, message) => {
    throw new AudioError(
      'damaged',
      `The MP3 file is damaged: ${message}. Record or upload it again.`,
    );
  };
}
