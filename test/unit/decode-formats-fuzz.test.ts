import assert from 'node:assert/strict';
import { seededRandom } from '../../bench/seeded-random.ts';
import { decodeRecording } from '../../src/adapters/decode-recording.ts';
import { AudioError } from '../../src/audio/audio-error.ts';
import { ffmpegPath, FORMAT_FILES, formatFile } from '../support/formats.ts';

/** For each file. Those of AAC start a process each. */
const rounds = (name: string) => (name.endsWith('.m4a') ? 40 : 150);
const sizes = [0, 1, 2, 15, 0x0010_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

function mutate(original: Uint8Array, random: () => number): Uint8Array {
  const below = (most: number) => Math.floor(random() * most);
  let bytes = Buffer.from(original);
  for (let edits = 1 + below(3); edits > 0; edits--) {
    if (bytes.length < 16) return bytes;
    const from = below(bytes.length);
    switch (below(6)) {
      case 0: // any byte of what stands in front
        bytes.writeUInt8(below(256), below(Math.min(200, bytes.length)));
        break;
      case 1: // any bit anywhere
        bytes.writeUInt8(bytes.readUInt8(from) ^ (1 << below(8)), from);
        break;
      case 2: // cut off
        bytes = bytes.subarray(0, from);
        break;
      case 3: // a size, or what happens to lie where sizes do
        bytes.writeUInt32BE(
          sizes[below(sizes.length)] ?? 0,
          below(Math.min(1500, bytes.length - 4)),
        );
        break;
      case 4: // a stretch twice
        bytes = Buffer.concat([
          bytes.subarray(0, from + below(bytes.length - from)),
          bytes.subarray(from),
        ]);
        break;
      default: // a stretch of one value
        bytes.fill(below(256), from, Math.min(bytes.length, from + below(64)));
    }
  }
  return bytes;
}

describe('decoding under mutation', () => {
  const { error } = console;
  let ffmpeg: string;
  before(async () => {
    ffmpeg = await ffmpegPath();
    // The decoders print each error beside reporting it.
    console.error = () => undefined;
  });
  after(() => {
    console.error = error;
  });

  for (const name of FORMAT_FILES) {
    it(`survives ${rounds(name)} mutations of ${name}: AudioError or finite sound`, async () => {
      const random = seededRandom(2025);
      const seen = new Map<string, number>();
      for (let round = 0; round < rounds(name); round++) {
        const bytes = mutate(formatFile(name), random);
        const outcome = await decodeRecording(bytes, {
          maxSeconds: 60,
          ffmpegPath: ffmpeg,
        }).catch((cause: unknown) => cause);
        const isSound = outcome instanceof Float32Array;
        if (!isSound && !(outcome instanceof AudioError)) throw outcome;
        if (isSound) assert.ok(outcome.every((value) => Math.abs(value) < 2));
        const kind = isSound ? 'decoded' : outcome.problem;
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
      // The mutations must reach both, or they show nothing.
      for (const kind of ['decoded', 'damaged']) {
        assert.ok((seen.get(kind) ?? 0) > 0, `${kind}: ${JSON.stringify([...seen])}`);
      }
    });
  }
});
