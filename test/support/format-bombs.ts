/** Small files that hold, or claim to hold, hours of sound. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** CRC-8 of FLAC's frame headers (polynomial 0x07) and CRC-16 of its frames (0x8005). */
function crc(bytes: Uint8Array, bits: 8 | 16): number {
  const polynomial = bits === 8 ? 0x07 : 0x8005;
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (bits - 8);
    for (let bit = 0; bit < 8; bit++) {
      const carries = (value & (1 << (bits - 1))) !== 0;
      value = ((value << 1) ^ (carries ? polynomial : 0)) & (2 ** bits - 1);
    }
  }
  return value;
}

/** `frames` frames of 65,535 equal samples, in fewer than 20 bytes each. */
export function flacBomb(frames: number): Uint8Array {
  // STREAMINFO: blocks of 65,535, 16 kHz, mono, 16 bits, length and digest not known.
  const head = Buffer.alloc(42);
  head.write('fLaC');
  head.set([0x80, 0, 0, 34, 0xff, 0xff, 0xff, 0xff], 4);
  head.set([0x03, 0xe8, 0x00, 0xf0], 18);
  const parts: Uint8Array[] = [head];
  for (let number = 0; number < frames; number++) {
    const coded = new TextEncoder().encode(String.fromCodePoint(number));
    // Fixed block size, its 16 bits at the end of the header, 16 kHz, mono, 16 bits.
    const header = Buffer.concat([
      Buffer.from([0xff, 0xf8, 0x75, 0x08]),
      coded,
      Buffer.from([0xff, 0xfe]),
    ]);
    const body = Buffer.concat([
      header,
      Buffer.from([crc(header, 8)]),
      Buffer.from([0x00, 0x00, 0x00]),
    ]);
    const check = crc(body, 16);
    parts.push(body, Buffer.from([check >> 8, check & 0xff]));
  }
  return Buffer.concat(parts);
}

/** The MP3 of silence again and again: frames of 8 kbit/s at 8 kHz, 72 ms in 72 bytes. */
export function mp3Bomb(frames: number): Uint8Array {
  const frame = Buffer.alloc(72);
  frame.set([0xff, 0xe3, 0x18, 0xc4]);
  return Buffer.concat(Array.from({ length: frames }, () => frame));
}

/** Ten minutes of silence, as the coders of ffmpeg write them: 60 to 200 KB. */
export async function silentMinutes(
  ffmpeg: string,
  kind: 'aac' | 'opus-ogg' | 'opus-webm' | 'vorbis',
): Promise<Uint8Array> {
  const coded = {
    // In fragments of a second: what goes into a pipe cannot have its index in front.
    aac: ['-c:a', 'aac', '-movflags', 'empty_moov', '-frag_duration', '1000000', '-f', 'mp4'],
    'opus-ogg': ['-c:a', 'libopus', '-frame_duration', '60', '-f', 'ogg'],
    'opus-webm': ['-c:a', 'libopus', '-frame_duration', '60', '-f', 'webm'],
    vorbis: ['-c:a', 'libvorbis', '-f', 'ogg'],
  }[kind];
  const source = ['-f', 'lavfi', '-i', 'anullsrc=r=16000:cl=mono', '-t', '600'];
  const { stdout } = await promisify(execFile)(ffmpeg, ['-v', 'error', ...source, ...coded, '-'], {
    encoding: 'buffer',
    maxBuffer: 16 * 2 ** 20,
  });
  return stdout;
}
