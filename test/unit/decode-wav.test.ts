import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AudioError } from '../../src/audio/audio-error.ts';
import type { AudioProblem } from '../../src/audio/audio-error.ts';
import { decodeWav } from '../../src/audio/decode-wav.ts';
import { encodeWav } from '../../src/audio/encode-wav.ts';
import { buildWav, chunk, encodeSamples } from '../support/build-wav.ts';

const limits = { maxSeconds: 60 };
const tone = Array.from({ length: 800 }, (_, i) => 0.8 * Math.sin(i / 7));
const int16 = encodeSamples(tone, 1, 16);

function decode(bytes: Uint8Array): Float64Array {
  const { samples } = decodeWav(bytes, limits);
  return Float64Array.from(samples, (v) => (samples instanceof Int16Array ? v / 0x8000 : v));
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, within: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN));
    assert.ok(difference <= within, `sample ${i}: ${actual[i] ?? NaN} for ${expected[i] ?? NaN}`);
  }
}

function assertProblem(bytes: Uint8Array, problem: AudioProblem, message: RegExp): void {
  assert.throws(
    () => decodeWav(bytes, limits),
    (error) =>
      error instanceof AudioError && error.problem === problem && message.test(error.message),
  );
}

function withHeader(change: (view: DataView) => void): Uint8Array {
  const bytes = buildWav({ data: int16 });
  change(new DataView(bytes.buffer));
  return bytes;
}

describe('decodeWav', () => {
  const widths: [tag: number, bits: number][] = [
    [1, 8],
    [1, 16],
    [1, 24],
    [1, 32],
    [3, 32],
    [3, 64],
  ];
  for (const [tag, bits] of widths) {
    for (const extensible of [false, true]) {
      const name = `${bits}-bit ${tag === 1 ? 'integers' : 'floats'}${extensible ? ' in an extensible format' : ''}`;
      it(`reads ${name}`, () => {
        const data = encodeSamples(tone, tag, bits);
        const step = 2 ** (1 - Math.min(bits, 24));
        assertClose(decode(buildWav({ tag, bits, extensible, data })), tone, step);
      });
    }
  }

  it('reads the reference points of A-law and µ-law', () => {
    // From the tables of ITU-T G.711: code, 16-bit value.
    const aLaw: [number, number][] = [
      [0xd5, 8],
      [0x55, -8],
      [0xaa, 32_256],
      [0x2a, -32_256],
      [0xc5, 264],
      [0x80, 5504],
    ];
    const muLaw: [number, number][] = [
      [0xff, 0],
      [0x7f, 0],
      [0x80, 32_124],
      [0x00, -32_124],
      [0xef, 132],
      [0xf0, 120],
    ];
    for (const [tag, table] of [
      [6, aLaw],
      [7, muLaw],
    ] as const) {
      const data = Uint8Array.from(table, ([code]) => code);
      const { samples } = decodeWav(buildWav({ tag, bits: 8, data }), limits);
      assert.deepEqual(
        [...samples],
        table.map(([, value]) => value),
      );
    }
  });

  it('mixes two channels down to their mean', () => {
    const data = encodeSamples([0.5, 0.25, -0.5, 0.5], 1, 16);
    assert.deepEqual([...decode(buildWav({ channels: 2, data }))], [0.375, 0]);
  });

  it('clamps floats beyond full scale', () => {
    const data = encodeSamples([1.5, -1e300], 3, 64);
    assert.deepEqual([...decode(buildWav({ tag: 3, bits: 64, data }))], [1, -1]);
  });

  it('reads the sizes that streaming recorders write', () => {
    for (const declaredBytes of [0, 0x7fff_ffff, 0xffff_ffff]) {
      assertClose(decode(buildWav({ data: int16, declaredBytes })), tone, 2 ** -15);
    }
  });

  it('reads the whole samples of a file that was cut off', () => {
    const bytes = buildWav({ data: int16 });
    assert.equal(decode(bytes.subarray(0, bytes.length - 101)).length, 749);
  });

  it('skips odd chunks with and without their padding byte', () => {
    const odd = chunk('LIST', Buffer.from('abc'));
    const padded = Buffer.concat([odd, Buffer.alloc(1)]);
    const paddedWithText = Buffer.concat([odd, Buffer.from('x')]);
    for (const between of [odd, padded, paddedWithText]) {
      assertClose(decode(buildWav({ data: int16, between })), tone, 2 ** -15);
    }
  });

  it('does not read chunks behind the samples as sound', () => {
    const bytes = Buffer.concat([buildWav({ data: int16 }), chunk('LIST', Buffer.alloc(40))]);
    assert.equal(decode(bytes).length, tone.length);
    const none = Buffer.concat([
      buildWav({ data: new Uint8Array(0) }),
      chunk('LIST', Buffer.alloc(40)),
    ]);
    assertProblem(none, 'empty', /no samples/);
  });

  it('reads a view that does not begin where its buffer does', () => {
    const shifted = Buffer.concat([Buffer.alloc(3), buildWav({ data: int16 })]).subarray(3);
    assertClose(decode(shifted), tone, 2 ** -15);
  });

  it('reads back what encodeWav writes, within half a step', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -1, max: Math.fround(0.9999), noNaN: true }), { minLength: 1 }),
        fc.integer({ min: 8000, max: 96_000 }),
        (values, sampleRateHz) => {
          const decoded = decodeWav(encodeWav(Float32Array.from(values), sampleRateHz), limits);
          assert.equal(decoded.sampleRateHz, sampleRateHz);
          assertClose(decoded.samples, values, 2 ** -15);
        },
      ),
    );
  });

  it('takes at most twice the memory of the file', () => {
    for (const [tag, bits] of [...widths, [6, 8], [7, 8]] as [number, number][]) {
      for (const channels of [1, 2]) {
        const bytes = buildWav({ tag, bits, channels, data: new Uint8Array(16_000) });
        const { samples } = decodeWav(bytes, limits);
        assert.ok(samples.byteLength <= 2 * bytes.length, `${samples.byteLength}`);
      }
    }
  });

  it('names the format of a file that is not WAV', () => {
    const pad = Buffer.alloc(40);
    const webm = Buffer.from([0x1a, 0x45, 0xdf, 0xa3]);
    assertProblem(Buffer.concat([webm, pad]), 'unsupported', /WebM.*upload PCM/);
    assertProblem(
      Buffer.concat([pad.subarray(0, 4), Buffer.from('ftypM4A ')]),
      'unsupported',
      /m4a/,
    );
    assertProblem(Buffer.from('hello'), 'unsupported', /not a WAV file\./);
    assertProblem(
      Buffer.concat([Buffer.from('RIFF\0\0\0\0AVI '), pad]),
      'unsupported',
      /not a WAV/,
    );
  });

  it('refuses encodings, channels and rates it does not decode, by name', () => {
    const data = new Uint8Array(64);
    assertProblem(buildWav({ tag: 0x11, bits: 8, data }), 'unsupported', /IMA ADPCM/);
    assertProblem(buildWav({ tag: 0x9999, bits: 8, data }), 'unsupported', /0x9999/);
    assertProblem(buildWav({ bits: 40, data }), 'unsupported', /40-bit integer/);
    assertProblem(buildWav({ channels: 6, data }), 'unsupported', /6 channels/);
    assertProblem(buildWav({ sampleRateHz: 4000, data }), 'unsupported', /4000 Hz/);
    assertProblem(buildWav({ sampleRateHz: 192_000, data }), 'unsupported', /192000 Hz/);
    const otherGuid = buildWav({ extensible: true, data });
    otherGuid[20 + 30] = 0x77;
    assertProblem(otherGuid, 'unsupported', /GUID/);
  });

  it('refuses headers that contradict themselves', () => {
    assertProblem(
      withHeader((v) => v.setUint16(22, 0, true)),
      'damaged',
      /0 channels/,
    );
    assertProblem(
      withHeader((v) => v.setUint32(24, 0, true)),
      'damaged',
      /0 Hz/,
    );
    assertProblem(
      withHeader((v) => v.setUint16(32, 4, true)),
      'damaged',
      /4 bytes for 1 x 16/,
    );
    assertProblem(
      withHeader((v) => v.setUint16(20, 0xfffe, true)),
      'damaged',
      /extensible/,
    );
    const shortFormat = Buffer.concat([
      Buffer.from('RIFF\0\0\0\0WAVE'),
      chunk('fmt ', Buffer.alloc(14)),
      chunk('data', int16),
    ]);
    assertProblem(shortFormat, 'damaged', /14 bytes/);
  });

  it('refuses a header that is cut off anywhere', () => {
    const bytes = buildWav({ data: int16 });
    assertProblem(bytes.subarray(0, 0), 'empty', /no bytes/);
    for (let length = 4; length < 44; length++) {
      assertProblem(bytes.subarray(0, length), 'damaged', /damaged/);
    }
    assertProblem(bytes.subarray(0, 45), 'empty', /no samples/);
  });

  it('refuses NaN and infinite samples', () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      for (const bits of [32, 64]) {
        const data = encodeSamples([0, 0, value], 3, bits);
        assertProblem(buildWav({ tag: 3, bits, data }), 'damaged', /not a finite number/);
      }
    }
  });

  it('refuses a recording above the limit and accepts one at it', () => {
    const bytes = buildWav({ sampleRateHz: 8000, data: new Uint8Array(2 * 8000 + 2) });
    assert.throws(() => decodeWav(bytes, { maxSeconds: 1 }), /lasts 1\.0 s; at most 1 s/);
    assert.equal(decodeWav(bytes.subarray(0, -2), { maxSeconds: 1 }).samples.length, 8000);
  });
});
