import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/adapters/postgres.ts';
import { UnavailableError, UsageError } from '../../src/commands/exit-codes.ts';
import { describeSource } from '../../src/batches/describe-source.ts';
import { parseLimits } from '../../src/commands/parse-limits.ts';
import { failedFilterOf } from '../../src/commands/failed-filter.ts';
import { parseWindow } from '../../src/commands/parse-when.ts';
import { progressLine } from '../../src/commands/batch-view.ts';
import {
  chooseSource,
  parseLessonFilter,
  readIds,
  type SourceOptions,
} from '../../src/commands/rescore-source.ts';
import type { BatchProgress } from '../../src/batches/batch.ts';
import { coloursOf } from '../../src/commands/colours.ts';
import { watchBatch } from '../../src/commands/watch-batch.ts';
import { batchProgress } from '../support/batch-progress.ts';
import { temporaryFolder } from '../support/services.ts';

const noDatabase = {
  query: () => assert.fail('no database is needed'),
} as unknown as Database;
const choose = (options: SourceOptions) => chooseSource(options, noDatabase);
const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

describe('which scorings `rescore` means', () => {
  it('must be said: nothing is not everything, and not two things at once', async () => {
    await assert.rejects(choose({}), /Say which scorings: --ids/);
    await assert.rejects(choose({ ids: [A], since: '7d' }), UsageError);
    await assert.rejects(choose({ prefix: 's3://b/p', file: 'x' }), UsageError);
    await assert.rejects(choose({ all: true, lesson: 'novel' }), /--all means every scoring/);
    await assert.rejects(
      choose({ since: '2026-05-02', until: '2026-05-01' }),
      /--since is not before --until/,
    );
    assert.deepEqual(await choose({ all: true }), { kind: 'filter', filter: {} });
    const outdated = { kind: 'filter', filter: { outdated: true } };
    assert.deepEqual(await choose({ outdated: true }), outdated);
    assert.deepEqual(await choose({ all: true, outdated: true }), outdated);
  });

  it('is a lesson as far as it is written', () => {
    assert.deepEqual(parseLessonFilter('novel'), { contentType: 'novel' });
    assert.deepEqual(parseLessonFilter('novel/level_2'), { contentType: 'novel', level: 2 });
    assert.deepEqual(parseLessonFilter('novel/2/A Breath of Life/3'), {
      contentType: 'novel',
      level: 2,
      title: 'A Breath of Life',
      line: 3,
    });
    for (const wrong of ['', 'novel/two', 'novel/2/T/x', 'novel/2/T/3/4']) {
      assert.throws(() => parseLessonFilter(wrong), UsageError, wrong);
    }
  });

  it('is a list of ids, which becomes a file where it is long', async () => {
    assert.deepEqual(await choose({ ids: [A, B] }), { kind: 'ids', ids: [A, B] });
    const many = Array.from({ length: 101 }, (_, index) => String(index).padStart(64, '0'));
    assert.deepEqual(await choose({ ids: many }), { kind: 'lines', ids: many });
  });

  it('is a file of ids, bare or as JSON lines, each once', () => {
    const file = join(temporaryFolder('ids'), 'ids.txt');
    writeFileSync(file, `${A}\r\n\n{"id":"${B}","status":"failed"}\n${A}\n`);
    assert.deepEqual(readIds(file), [A, B]);
    writeFileSync(file, `${A}\n{"workflowId":"x"}\n`);
    assert.throws(() => readIds(file), /ids\.txt, line 2: not a scoring id/);
    writeFileSync(file, '\n');
    assert.throws(() => readIds(file), /holds no ids/);
    assert.throws(() => readIds('nowhere.txt'), /nowhere\.txt cannot be read/);
  });

  it('is a file in S3, which the worker reads', async () => {
    const object = { bucket: 'b', key: 'a/ids.jsonl', versionId: null, etag: null };
    assert.deepEqual(await choose({ file: 's3://b/a/ids.jsonl' }), { kind: 'file', object });
    await assert.rejects(choose({ file: 's3://b/' }), /s3:\/\/bucket\/key/);
  });

  it('is a prefix of a bucket', async () => {
    const prefix = { kind: 'prefix', bucket: 'b', prefix: 'p/q' };
    assert.deepEqual(await choose({ prefix: 's3://b/p/q' }), prefix);
    await assert.rejects(choose({ prefix: 'p/q' }), /s3:\/\/bucket\/prefix/);
    // The key names a learner, and the title of a workflow is seen by many.
    assert.ok(
      !describeSource({ kind: 'prefix', bucket: 'b', prefix: 'users/482/' }).includes('482'),
    );
  });
});

describe('options', () => {
  it('say when: a date, a time in UTC whatever the zone here, or how long ago', () => {
    const now = Date.parse('2026-05-08T12:00:00Z');
    const since = (text: string) => parseWindow({ since: text }, now).since;
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Asia/Seoul';
    try {
      assert.equal(new Date(0).getTimezoneOffset(), -540, 'Seoul is where this runs');
      assert.equal(since('2026-05-01'), '2026-05-01T00:00:00.000Z');
      assert.equal(since('2026-05-01T08:30'), '2026-05-01T08:30:00.000Z');
      assert.equal(since('2026-05-01T08:30Z'), '2026-05-01T08:30:00.000Z');
      assert.equal(since('2026-05-01T08:30:15+09:00'), '2026-04-30T23:30:15.000Z');
      assert.equal(since('90m'), '2026-05-08T10:30:00.000Z');
      assert.equal(since('7d'), '2026-05-01T12:00:00.000Z');
      const filter = failedFilterOf({ since: '2026-05-01T08:30' }, now);
      assert.equal(filter.since, since('2026-05-01T08:30'), 'every command has the same clock');
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    for (const wrong of [
      '',
      '7',
      'yesterday',
      '2026-13-01',
      '2026-02-30',
      '01/05/2026',
      '7y',
      '-2d',
    ]) {
      assert.throws(() => since(wrong), UsageError, wrong);
    }
    assert.throws(() => since('2026-05-09'), /lies in the future/);
    assert.equal(parseWindow({ until: '2026-06-01' }, now).until, '2026-06-01T00:00:00.000Z');
    assert.throws(() => parseWindow({ since: '1d', until: '2d' }, now), /nothing can match/);
  });

  it('give limits, or say what is wrong with them', () => {
    assert.deepEqual(parseLimits({}), {});
    assert.deepEqual(
      parseLimits({ concurrency: '8', tolerate: ['20', '2.5%'], maxMove: '5', chunk: '1' }),
      {
        concurrency: 8,
        tolerance: { count: 20, percent: 2.5 },
        maxMove: 5,
        chunkSize: 1,
      },
    );
    assert.throws(() => parseLimits({ concurrency: 'many', maxMove: '200' }), /; max-move must/);
    assert.throws(() => parseLimits({ tolerate: ['-1'] }), /neither a number nor a percentage/);
    assert.throws(() => parseLimits({ tolerate: ['1.5'] }), /whole number/);
  });
});

describe('the progress line of a batch', () => {
  it('shows phase, share, figures, rate and what is left', () => {
    const progress = batchProgress();
    const lineOf = (changes: Partial<BatchProgress> = {}) =>
      progressLine({ ...progress, ...changes }, coloursOf({ isTTY: false }));
    assert.equal(
      lineOf(),
      `computing ${'█'.repeat(12)}${'░'.repeat(12)} 500/1000  18 changed  2 failed  3000/min  10 s left`,
    );
    assert.match(lineOf({ paused: true }), /^paused /);
    assert.match(lineOf({ toDo: 0, doneInPhase: 0 }), /0\/0/);
  });
});

describe('following a batch', () => {
  const progress = batchProgress();
  const view = { update: () => undefined, end: () => undefined };
  const signal = new AbortController().signal;

  it('survives a worker that is rolled, and ends where nobody answers any more', async () => {
    let asked = 0;
    const rolled = () => {
      asked += 1;
      return asked < 4
        ? Promise.reject(new Error('no poller'))
        : Promise.resolve({ running: asked < 6, progress });
    };
    await watchBatch('b', rolled, { signal, view, pollMs: 1 });
    assert.equal(asked, 6);
    const gone = () => Promise.reject(new Error('no poller'));
    await assert.rejects(
      watchBatch('b', gone, { signal, view, pollMs: 1, giveUpMs: 20 }),
      (error) => error instanceof UnavailableError && /goes on by itself/.test(error.message),
    );
  });
});
