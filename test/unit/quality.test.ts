import assert from 'node:assert/strict';
import { clippedShare } from '../../src/audio/quality.ts';

describe('clippedShare', () => {
  it('counts samples at positive and negative full scale', () => {
    assert.equal(clippedShare(Float32Array.of(0, 1, -1, 32_767 / 32_768, 0.99, -0.5, 0, 0)), 0.375);
  });

  it('is 0 for an empty recording', () => {
    assert.equal(clippedShare(new Float32Array(0)), 0);
  });
});
