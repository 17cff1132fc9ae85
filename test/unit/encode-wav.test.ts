import assert from 'node:assert/strict';
import { encodeWav } from '../../src/audio/encode-wav.ts';

describe('encodeWav', () => {
  it('writes the canonical 44-byte header', () => {
    const header = Buffer.from(encodeWav(new Float32Array(3), 16_000)).subarray(0, 44);
    assert.equal(
      header.toString('hex'),
      '524946462a00000057415645666d74201000000001000100803e0000007d0000020010006461746106000000',
    );
  });

  it('rounds to the nearest step, clamps beyond full scale and silences NaN', () => {
    const samples = Float32Array.of(0.5, -0.5, 1, 2, -1, -2, NaN, 0.4 / 32_768, -0.6 / 32_768);
    const bytes = encodeWav(samples, 16_000);
    assert.deepEqual(
      [...new Int16Array(bytes.buffer.slice(44))],
      [16_384, -16_384, 32_767, 32_767, -32_768, -32_768, 0, 0, -1],
    );
  });
});
