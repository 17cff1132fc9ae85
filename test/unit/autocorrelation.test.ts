import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createAutocorrelation } from '../../src/audio/autocorrelation.ts';

function directSum(frame: Float32Array | Float64Array, lag: number): number {
  let sum = 0;
  for (let at = lag; at < frame.length; at++) sum += (frame[at] ?? 0) * (frame[at - lag] ?? 0);
  return sum;
}

describe('createAutocorrelation', () => {
  it('equals the sum of the products, for frames and lags of any length', () => {
    // One for all, so that sizes take turns on the same workspaces.
    const autocorrelate = createAutocorrelation();
    const sample = fc.float({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 700, size: 'max' }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (values, share, isDouble) => {
          const frame = isDouble ? Float64Array.from(values) : Float32Array.from(values);
          const lags = Math.max(1, Math.round(share * frame.length));
          const found = autocorrelate(frame, lags);
          const tolerance = 1e-13 * Math.max(1e-3, directSum(frame, 0));
          for (let lag = 0; lag < lags; lag++) {
            const expected = directSum(frame, lag);
            assert.ok(Math.abs((found[lag] ?? NaN) - expected) <= tolerance, `lag ${lag}`);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('returns zeros for silence', () => {
    assert.deepEqual(
      createAutocorrelation()(new Float32Array(640), 100).subarray(0, 100),
      new Float64Array(100),
    );
  });

  it('keeps one result for each padded length: calls allocate nothing', () => {
    const autocorrelate = createAutocorrelation();
    const first = autocorrelate(Float32Array.of(1, 2, 3), 2);
    assert.equal(autocorrelate(Float32Array.of(4, 5, 6, 7), 3), first);
  });

  it('refuses an empty frame', () => {
    assert.throws(() => createAutocorrelation()(new Float32Array(0), 1), RangeError);
  });
});
