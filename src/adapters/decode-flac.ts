/** FLAC by libFLAC in WebAssembly: the only file that imports @wasm-audio-decoders/flac. */
import { FLACDecoder } from '@wasm-audio-decoders/flac';
import { AudioError } from '../audio/audio-error.ts';
import type { SoundCollector } from '../audio/collect-sound.ts';
import { freeing } from './freeing.ts';
import type { MediaPackets } from './media-packets.ts';

/** Gives the same samples as the WAV file that the FLAC file was made from. */
export async function decodeFlac(
  { description, packets }: MediaPackets,
  sound: SoundCollector,
): Promise<void> {
  const promised = promisedSamples(description);
  const decoder = new FLACDecoder();
  await decoder.ready;
  await freeing(decoder, async () => {
    let count = 0;
    await decoder.decodeFrames([description]);
    for await (const { data } of packets) {
      const decoded = await decoder.decodeFrames([data]);
      const [error] = decoded.errors;
      if (error !== undefined) throw damaged(error.message);
      count += decoded.samplesDecoded;
      const channels = decoded.channelData.map((one) => atFullScale(one, decoded.bitDepth));
      sound.add(channels, decoded.sampleRate);
    }
    if (count < promised) throw damaged(`it has ${count} of ${promised} samples`);
  });
}

/** The decoder divides by the greatest sample, WAV readers by the least one's magnitude. */
function atFullScale(samples: Float32Array, bits: number): Float32Array {
  const most = 2 ** (bits - 1) - 1;
  return samples.map((value) => Math.round(value * most) / (most + 1));
}

/** Of STREAMINFO, behind `fLaC` and the header of its block; 0: not known when it was written. */
function promisedSamples(description: Uint8Array): number {
  if (description.length < 42) throw damaged('its first block is cut off');
  const view = new DataView(description.buffer, description.byteOffset, description.byteLength);
  const channels = ((view.getUint8(20) >> 1) & 7) + 1;
  if (channels > 2) {
    throw new AudioError(
      'unsupported',
      `The FLAC file has ${channels} channels, which is not supported. Have the application upload one or two channels.`,
    );
  }
  return (view.getUint8(21) & 0x0f) * 2 ** 32 + view.getUint32(22);
}

function damaged(what: string): AudioError {
  return new AudioError('damaged', `The FLAC file is damaged: ${what}. Record or upload it again.`);
}
