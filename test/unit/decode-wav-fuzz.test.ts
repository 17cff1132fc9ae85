import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { AudioError } from '../../src/audio/audio-error.ts';
import { decodeWav } from '../../src/audio/decode-wav.ts';
import { buildWav, chunk, encodeSamples } from '../support/build-wav.ts';

const rounds = 20_000;
const recording = new URL(
  '../../examples/lessons/buckets/standard-audio-file/standard-audio-file/conversation/level_1/At the Toy Store/audio_line_1.wav',
  import.meta.url,
);

/** Deterministic, so that a failing round can be run again (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function seeds(): Uint8Array[] {
  const tone = Array.from({ length: 300 }, (_, i) => Math.sin(i / 9));
  const encodings: [tag: number, bits: number][] = [
    [1, 8],
    [1, 16],
    [1, 24],
    [1, 32],
    [3, 32],
    [3, 64],
    [6, 8],
    [7, 8],
  ];
  const files: Uint8Array[] = [readFileSync(recording).subarray(0, 6000)];
  for (const [tag, bits] of encodings) {
    const data = tag > 3 ? Uint8Array.from(tone, (_, i) => i) : encodeSamples(tone, tag, bits);
    for (const extensible of [false, true]) {
      for (const channels of [1, 2]) {
        const between = chunk('LIST', Buffer.alloc(channels * 5));
        files.push(
          buildWav({ tag, bits, channels, extensible, data, between, sampleRateHz: 44_100 }),
        );
      }
    }
  }
  return files;
}

const sizes = [0, 1, 2, 15, 16, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

function mutate(original: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = Buffer.from(original);
  for (let edits = 1 + random(3); edits > 0; edits--) {
    if (bytes.length < 16) return bytes;
    switch (random(6)) {
      case 0: // any byte of the header
        bytes[random(Math.min(80, bytes.length))] = random(256);
        break;
      case 1: // any bit anywhere
        bytes.writeUInt8(
          bytes.readUInt8(random(bytes.length)) ^ (1 << random(8)),
          random(bytes.length),
        );
        break;
      case 2: // cut off
        bytes = bytes.subarray(0, random(bytes.length));
        break;
      case 3: // a size, or what happens to lie where sizes do
        bytes.writeUInt32LE(
          sizes[random(sizes.length)] ?? 0,
          random(Math.min(80, bytes.length - 4)),
        );
        break;
      case 4: {
        // a stretch twice
        const from = random(bytes.length);
        const to = from + random(bytes.length - from);
        bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
        break;
      }
      default: // special float values and the like
        bytes.fill(random(2) * 0xff, bytes.length - random(9));
    }
  }
  return bytes;
}

describe('decodeWav under mutation', () => {
  it(`survives ${rounds} mutated files: AudioError or finite sound, bounded memory and time`, () => {
    const files = seeds();
    const random = createRandom(20_251);
    const outcomes = new Map<string, number>();
    const startedAt = performance.now();
    for (let round = 0; round < rounds; round++) {
      const bytes = mutate(files[round % files.length] ?? new Uint8Array(0), random);
      const before = process.memoryUsage().arrayBuffers;
      let outcome: string;
      try {
        const { sampleRateHz, samples } = decodeWav(bytes, { maxSeconds: 60 });
        const allocated = process.memoryUsage().arrayBuffers - before;
        assert.ok(allocated <= 2 * bytes.length, `round ${round}: allocated ${allocated} bytes`);
        assert.ok(samples.byteLength <= 2 * bytes.length, `round ${round}: result too large`);
        assert.ok(sampleRateHz >= 8000 && sampleRateHz <= 96_000);
        const limit = samples instanceof Int16Array ? 0x8000 : 1;
        assert.ok(
          samples.every((value) => Math.abs(value) <= limit),
          `round ${round}: a sample out of range`,
        );
        outcome = 'decoded';
      } catch (error) {
        if (!(error instanceof AudioError)) throw error;
        const allocated = process.memoryUsage().arrayBuffers - before;
        assert.ok(allocated <= 2 * bytes.length, `round ${round}: allocated ${allocated} bytes`);
        outcome = error.problem;
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    const elapsedMs = performance.now() - startedAt;
    assert.ok(elapsedMs < 1 * rounds, `${elapsedMs} ms for ${rounds} files`);
    // The mutations must reach every branch, or they show nothing.
    for (const kind of ['decoded', 'damaged', 'unsupported', 'empty']) {
      assert.ok((outcomes.get(kind) ?? 0) > rounds / 1000, `${kind}: ${outcomes.get(kind) ?? 0}`);
    }
  });

  it('walks a megabyte of empty chunks in one pass', () => {
    const chunks = Buffer.concat(
      Array.from({ length: 131_072 }, () => chunk('JUNK', Buffer.alloc(0))),
    );
    const bytes = Buffer.concat([Buffer.from('RIFF\0\0\0\0WAVE'), chunks]);
    const startedAt = performance.now();
    assert.throws(() => decodeWav(bytes, { maxSeconds: 60 }), /no complete format chunk/);
    assert.ok(performance.now() - startedAt < 1000);
  });

  it('does not allocate what a 44-byte file claims to hold', () => {
    const bytes = buildWav({ data: new Uint8Array(0), declaredBytes: 200_000_000 });
    const before = process.memoryUsage().arrayBuffers;
    assert.throws(() => decodeWav(bytes, { maxSeconds: 60 }), /no samples/);
    assert.ok(process.memoryUsage().arrayBuffers - before <= 2 * bytes.length);
  });
});
