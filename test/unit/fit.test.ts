import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fitInputs } from '../../bench/fit/fit-inputs.ts';
import { signedRidge } from '../../bench/fit/signed-ridge.ts';
import { speakerFolds } from '../../bench/fit/speaker-folds.ts';

const value = fc.double({ min: -5, max: 5, noNaN: true });
const data = fc.array(fc.tuple(fc.tuple(value, value, value), value), {
  minLength: 3,
  maxLength: 30,
});
const signs = fc.tuple(...[1, 2, 3].map(() => fc.constantFrom(1, -1)));

describe('signedRidge', () => {
  it('is at the minimum: no weight that may move further would lower the error', () => {
    fc.assert(
      fc.property(data, signs, (rows, direction) => {
        const marks = rows.map(([, mark]) => mark);
        const inputs = rows.map(([row]) => row);
        const fitted = signedRidge(inputs, [marks], direction, 0.5);
        const { base = 0, perSd = [] } = fitted.targets[0] ?? {};
        const z = inputs.map((row) =>
          row.map((x, at) => (x - (fitted.mean[at] ?? 0)) / (fitted.sd[at] ?? 1)),
        );
        const errors = z.map(
          (row, i) =>
            row.reduce((sum, x, at) => sum + x * (perSd[at] ?? 0), base) - (marks[i] ?? 0),
        );
        for (const [at, weight] of perSd.entries()) {
          const slope =
            errors.reduce((sum, error, i) => sum + error * (z[i]?.[at] ?? 0), 0) +
            0.5 * rows.length * weight;
          const signed = direction[at] ?? 1;
          assert.ok(weight * signed >= 0);
          if (weight === 0) assert.ok(slope * signed >= -1e-6);
          else assert.ok(Math.abs(slope) < 1e-6);
        }
      }),
    );
  });

  it('gives an input that never changes no weight', () => {
    const fitted = signedRidge([[3], [3], [3]], [[1, 2, 3]], [1], 0.5);
    assert.deepEqual(fitted.targets, [{ base: 2, perSd: [0] }]);
  });
});

describe('speakerFolds', () => {
  it('has each speaker in one fold, folds of like size, and the same ones for the same seed', () => {
    const speakers = Array.from({ length: 200 }, (_, at) => `speaker ${at % 23}`);
    const folds = speakerFolds(speakers, 5, 1);
    const bySpeaker = new Map(speakers.map((speaker, at) => [speaker, folds[at]]));
    assert.deepEqual(
      folds,
      speakers.map((speaker) => bySpeaker.get(speaker)),
    );
    const sizes = [0, 1, 2, 3, 4].map(
      (fold) => [...bySpeaker.values()].filter((own) => own === fold).length,
    );
    assert.deepEqual(sizes, [5, 5, 5, 4, 4]);
    assert.deepEqual(speakerFolds(speakers, 5, 1), folds);
    assert.notDeepEqual(speakerFolds(speakers, 5, 2), folds);
  });
});

describe('fitInputs', () => {
  it('takes the median where a value is missing, and refuses a feature that always is', () => {
    const rows = [{ a: 1 }, { a: NaN }, { a: 3 }];
    assert.deepEqual(fitInputs(['a'], rows), [{ name: 'a', median: 2, low: 1.01, high: 2.99 }]);
    assert.throws(() => fitInputs(['b'], rows), /b is missing everywhere/);
  });
});
