import assert from 'node:assert/strict';
import { UsageError } from '../../src/commands/exit-codes.ts';
import { inputOf } from '../../src/commands/reconcile.ts';
import { reconcileTable } from '../../src/commands/reconcile-table.ts';
import { emptyTotals } from '../../src/contract.ts';
import { addTotals, OTHER_LESSONS } from '../../src/workflows/reconcile-totals.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-03T12:00:00Z');

describe('elocute reconcile', () => {
  it('understands spans, dates and times, without a zone as UTC', () => {
    const hours = (text: string) => (inputOf({ since: text }, NOW).lookBackMs ?? NaN) / HOUR_MS;
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
      assert.throws(() => inputOf({ since: text }, NOW), UsageError, text);
    }
    for (const limit of ['0', '-1', '1.5', 'all']) {
      assert.throws(() => inputOf({ limit }, NOW), UsageError, limit);
    }
  });

  it('leaves nothing to events that may come, and asks for versions only where told', () => {
    assert.deepEqual(inputOf({}, NOW), {
      lookBackMs: null,
      graceMs: 0,
      dryRun: false,
      exactLookBackMs: null,
      maxStarts: null,
    });
    const all = inputOf({ since: '2d', dryRun: true, exact: true, limit: '10' }, NOW);
    assert.deepEqual([all.lookBackMs, all.dryRun, all.maxStarts], [48 * HOUR_MS, true, 10]);
    assert.equal(NOW - (all.exactLookBackMs ?? NaN), 0, 'from the beginning of time');
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
      'Stopped at --limit; run it again for the rest.',
    ]);
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
