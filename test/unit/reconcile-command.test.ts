import assert from 'node:assert/strict';
import { UsageError } from '../../src/commands/exit-codes.ts';
import { inputOf, isShort } from '../../src/commands/reconcile.ts';
import { reconcileTable } from '../../src/commands/reconcile-table.ts';
import { emptyTotals } from '../../src/contract/reconciliation.ts';
import { reconcileDetails } from '../../src/workflows/reconcile-details.ts';
import { addTotals, OTHER_LESSONS } from '../../src/workflows/reconcile-totals.ts';

const HOUR_MS = 3_600_000;
const CONFIGURED = {
  RECONCILE_MAX_STARTS: 5000,
  RECONCILE_NOT_BEFORE: undefined,
  RECONCILE_GRACE_MINUTES: 10,
};
const NOW = Date.parse('2026-11-03T12:00:00Z');

describe('elocute reconcile', () => {
  it('understands spans, dates and times, without a zone as UTC', () => {
    const hours = (text: string) =>
      (inputOf({ since: text }, NOW, CONFIGURED).lookBackMs ?? NaN) / HOUR_MS;
    assert.deepEqual(
      ['2d', '12h', '30m', '1w', '2026-11-01', '2026-11-03T11:00', '2026-11-03T11:00:00+09:00'].map(
        hours,
      ),
      [48, 12, 0.5, 168, 60, 1, 10],
    );
  });

  it('refuses what it does not understand, and what lies in the future', () => {
    for (const text of [
      '',
      'yesterday',
      '2',
      'd',
      '-2d',
      '2026-13-01',
      '01/11/2026',
      '2026-11-04',
    ]) {
      assert.throws(() => inputOf({ since: text }, NOW, CONFIGURED), UsageError, text);
    }
    for (const limit of ['0', '-1', '1.5', 'all']) {
      assert.throws(() => inputOf({ limit }, NOW, CONFIGURED), UsageError, limit);
    }
  });

  it('leaves nothing to events that may come, and asks for versions only where told', () => {
    assert.deepEqual(inputOf({}, NOW, CONFIGURED), {
      lookBackMs: null,
      graceMs: 0,
      dryRun: false,
      exactLookBackMs: null,
      maxStarts: 5000,
    });
    const all = inputOf({ since: '2d', dryRun: true, exact: true, limit: '10' }, NOW, CONFIGURED);
    assert.deepEqual([all.lookBackMs, all.dryRun, all.maxStarts], [48 * HOUR_MS, true, 10]);
    assert.equal(NOW - (all.exactLookBackMs ?? NaN), 0, 'from the beginning of time');
    assert.equal(all.olderGraceMs, 600_000, 'but for what was replaced just now');
  });

  it('keeps to the configured limits, unless an option or a dry run says otherwise', () => {
    const switched = { ...CONFIGURED, RECONCILE_NOT_BEFORE: new Date(NOW - 24 * HOUR_MS) };
    const limits = (options: Parameters<typeof inputOf>[0]) => {
      const { maxStarts, notBeforeMs } = inputOf(options, NOW, switched);
      return [maxStarts, notBeforeMs === undefined ? null : (NOW - notBeforeMs) / HOUR_MS];
    };
    assert.deepEqual(limits({}), [5000, 24]);
    assert.deepEqual(limits({ since: '2d' }), [5000, 24], 'whatever is asked for');
    assert.deepEqual(limits({ dryRun: true }), [null, 24]);
    assert.deepEqual(limits({ dryRun: true, limit: '7' }), [7, 24]);
    assert.deepEqual(limits({ notBefore: '2026-11-01', limit: '90000' }), [90_000, 60]);
    assert.deepEqual(limits({ notBefore: 'none' }), [5000, null]);
    assert.throws(() => limits({ notBefore: 'never' }), UsageError);
  });

  it('shows where every key went, what was started by lesson, and whether something is left', () => {
    const totals = {
      ...emptyTotals(),
      listed: 1234,
      ignored: { OTHER_SUFFIX: 4 },
      scored: 1200,
      started: 25,
      left: 5,
      byLesson: { 'novel/level_1/A': 5, 'novel/level_1/B': 20 },
    };
    const window = { sinceMs: null, untilMs: null, exactSinceMs: null };
    const text = reconcileTable({ window, dryRun: true, pages: 2, totals, complete: false });
    assert.deepEqual(text.split('\n'), [
      '  1234  listed',
      '     4  ignored: OTHER_SUFFIX',
      '  1200  scored already',
      '    25  would be started',
      '     5  left to the next run',
      '',
      'Would be started, by lesson:',
      '  20  novel/level_1/B',
      '   5  novel/level_1/A',
      '',
      'Stopped at the most that one run may start (--limit); run it again for the rest.',
    ]);
  });
});

describe('the outcome of elocute reconcile', () => {
  it('shows what S3 refuses to describe, and counts as failed with it', () => {
    const totals = { ...emptyTotals(), listed: 3, started: 2, unreadable: 1 };
    const window = { sinceMs: null, untilMs: null, exactSinceMs: null };
    const text = reconcileTable({ window, dryRun: false, pages: 1, totals, complete: true });
    assert.match(text, /1 {2}listed, but S3 refuses to describe it/);
    assert.equal(isShort(totals), true);
    assert.equal(isShort({ ...totals, unreadable: 0 }), false);
    assert.equal(isShort({ ...totals, unreadable: 0, failedToStart: 1 }), true);
    const details = reconcileDetails({ window, cursor: null, pages: 1, totals }, false);
    assert.match(details, /\| unreadable \| 1 \|/);
  });

  it('adds up totals of a worker that did not count it yet', () => {
    const { unreadable, ...older } = { ...emptyTotals(), listed: 3, unreadable: 1 };
    const sum = addTotals(older, { ...older, unreadable });
    assert.deepEqual([sum.listed, sum.unreadable], [6, 1]);
  });
});

describe('the totals of a reconciliation', () => {
  it('add up page by page, and name at most two hundred lessons', () => {
    const page = (from: number) => ({
      ...emptyTotals(),
      listed: 1000,
      ignored: { FOLDER: 1 },
      started: 150,
      byLesson: Object.fromEntries(
        Array.from({ length: 150 }, (_, i) => [`lesson ${from + i}`, 1]),
      ),
    });
    const sum = [page(0), page(100), page(1000)].reduce(addTotals, emptyTotals());
    assert.deepEqual([sum.listed, sum.started, sum.ignored], [3000, 450, { FOLDER: 3 }]);
    const names = Object.keys(sum.byLesson);
    assert.equal(names.length, 201);
    assert.equal(sum.byLesson['lesson 120'], 2);
    assert.equal(sum.byLesson[OTHER_LESSONS], 200);
    assert.equal(
      Object.values(sum.byLesson).reduce((a, b) => a + b, 0),
      450,
    );
  });
});
