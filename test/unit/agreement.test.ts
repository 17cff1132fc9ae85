import assert from 'node:assert/strict';
import fc from 'fast-check';
import { auc, meanAbsoluteError, pearson, spearman } from '../../bench/agreement.ts';
import { speakerInterval } from '../../bench/speaker-bootstrap.ts';

const near = (actual: number | null, expected: number) =>
  assert.ok(actual !== null && Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

describe('agreement', () => {
  it('gives the figures of scipy for a worked example', () => {
    // scipy.stats.pearsonr, spearmanr of these lists.
    const a = [1, 2, 3, 4, 5, 5];
    const b = [2, 1, 4, 3, 7, 5];
    near(pearson(a, b), 0.8315218406202998);
    near(spearman(a, b), 0.8696565534786727);
    near(meanAbsoluteError(a, b), 1);
  });

  it('is undefined for constant and empty lists', () => {
    assert.equal(pearson([1, 1, 1], [1, 2, 3]), null);
    assert.equal(pearson([], []), null);
    assert.equal(meanAbsoluteError([], []), null);
    assert.equal(auc([], [1]), null);
  });

  it('counts pairs in order for the AUC, ties half', () => {
    near(auc([3, 2], [1, 2]), 3.5 / 4);
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(values, values, (good, bad) => {
        const pairs = good.flatMap((g) => bad.map((b) => (g > b ? 1 : g === b ? 0.5 : 0)));
        near(auc(good, bad), pairs.reduce((sum: number, one) => sum + one, 0) / pairs.length);
      }),
    );
  });
});

describe('speakerInterval', () => {
  const mean = (of: readonly { value: number }[]) =>
    of.reduce((sum, { value }) => sum + value, 0) / of.length;

  it('draws whole speakers, so that many recordings of one voice narrow nothing', () => {
    const once = [0, 1, 2, 3].map((value) => ({ speaker: String(value), value }));
    const often = once.flatMap((one) => Array.from({ length: 50 }, () => one));
    const interval = speakerInterval(once, (one) => one.speaker, mean);
    assert.deepEqual(
      speakerInterval(often, (one) => one.speaker, mean),
      interval,
    );
    assert.ok(interval !== null && interval[0] < 1 && interval[1] > 2);
  });

  it('is the same for the same data, and null for a statistic that is never defined', () => {
    const items = [0, 1, 2, 3, 4].map((value) => ({ speaker: String(value), value }));
    const speakerOf = (one: { speaker: string }) => one.speaker;
    assert.deepEqual(
      speakerInterval(items, speakerOf, mean),
      speakerInterval(items, speakerOf, mean),
    );
    assert.equal(
      speakerInterval(items, speakerOf, () => null),
      null,
    );
  });
});
