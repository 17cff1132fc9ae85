/** Ogg Vorbis by libvorbis in WebAssembly: the only file that imports @wasm-audio-decoders/ogg-vorbis. */
import { OggVorbisDecoder } from '@wasm-audio-decoders/ogg-vorbis';
import { AudioError } from '../audio/audio-error.ts';
import type { SoundCollector } from '../audio/collect-sound.ts';
import { freeing } from './freeing.ts';

/** A second or less at usual bit rates; silence is coded in less, and costs little to decode. */
const CHUNK_BYTES = 2048;

/** The whole file: its pages are read by the decoder itself. */
export async function decodeVorbis(bytes: Uint8Array, sound: SoundCollector): Promise<void> {
  const decoder = new OggVorbisDecoder();
  await decoder.ready;
  await freeing(decoder, async () => {
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      add(await decoder.decode(bytes.subarray(at, at + CHUNK_BYTES)));
    }
    add(await decoder.flush());
  });

  function add({ channelData, sampleRate, errors }: Awaited<ReturnType<typeof decoder.decode>>) {
    const [error] = errors;
    if (error !== undefined) {
      throw new AudioError(
        'damaged',
        `The Vorbis recording is damaged: ${error.message}. Record or upload it again.`,
      );
    }
    sound.add(channelData, sampleRate);
  }
}
