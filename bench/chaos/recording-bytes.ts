/** The bytes of an upload, made from an example recording. */
import { diceOf } from './dice.ts';
import type { Shape } from './upload-kinds.ts';

/** A canonical header: what the example recordings have. */
const HEADER_BYTES = 44;
const CHANGED_SAMPLES = 5;

export interface ContentLimits {
  maxBytes: number;
  maxSeconds: number;
}

export function recordingBytes(
  shape: Shape,
  recording: Uint8Array,
  variant: number,
  limits: ContentLimits,
): Uint8Array {
  const dice = diceOf('content', variant);
  const bytes = Buffer.from(recording);
  switch (shape) {
    case 'as recorded':
      return bytes;
    case 'a few samples changed':
      return changed(bytes);
    case 'cut off':
      return changed(bytes.subarray(0, HEADER_BYTES + Math.floor(bytes.length * 0.8)));
    case 'silence':
      return changed(wav(Buffer.alloc(16_000 * 2), 16_000), 1);
    case 'garbage':
      return noise(20_000);
    case 'another format':
      return Buffer.concat([Buffer.from('OggS'), noise(10_000)]);
    case 'half a header':
      return bytes.subarray(0, 30);
    case 'lying header':
      // As many bytes for a sampling instant as no number of channels and bits gives.
      bytes.writeUInt16LE(dice.whole(5, 60_000), 32);
      return bytes;
    case 'no bytes':
      return Buffer.alloc(0);
    case 'too long':
      return wav(Buffer.alloc((limits.maxSeconds + 1) * 8000 * 2), 8000);
    case 'too large':
      return wav(noise(limits.maxBytes + 1), 48_000);
  }

  function noise(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => dice.whole(0, 255)));
  }

  /** Inaudible, and another content all the same. */
  function changed(audio: Buffer, most = 8): Buffer {
    for (let count = 0; count < CHANGED_SAMPLES; count++) {
      const at = HEADER_BYTES + 2 * dice.whole(0, (audio.length - HEADER_BYTES) / 2 - 1);
      const value = audio.readInt16LE(at);
      audio.writeInt16LE(value > 0 ? value - dice.whole(1, most) : value + dice.whole(1, most), at);
    }
    return audio;
  }
}

/** 16-bit mono PCM. */
function wav(samples: Buffer, rateHz: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(HEADER_BYTES - 8 + samples.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
