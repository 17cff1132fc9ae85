import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/adapters/postgres.ts';
import { UsageError } from '../../src/commands/exit-codes.ts';
import { describeSource } from '../../src/batches/describe-source.ts';
import { parseLimits } from '../../src/commands/parse-limits.ts';
import { parseWhen } from '../../src/commands/parse-when.ts';
import { progressLine } from '../../src/commands/batch-view.ts';
import {
  chooseSource,
  parseLessonFilter,
  readIds,
  type SourceOptions,
} from '../../src/commands/rescore-source.ts';
import { DEFAULT_LIMITS } from '../../src/batches/limits.ts';
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
  it('say when: a date, a time, or how long ago', () => {
    const now = Date.parse('2026-05-08T12:00:00Z');
    assert.equal(parseWhen('--since', '2026-05-01', now), '2026-05-01T00:00:00.000Z');
    assert.equal(parseWhen('--since', '2026-05-01T08:30Z', now), '2026-05-01T08:30:00.000Z');
    assert.equal(parseWhen('--since', '90m', now), '2026-05-08T10:30:00.000Z');
    assert.equal(parseWhen('--since', '7d', now), '2026-05-01T12:00:00.000Z');
    for (const wrong of ['', '7', 'yesterday', '2026-13-01', '7y']) {
      assert.throws(() => parseWhen('--since', wrong, now), UsageError, wrong);
    }
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
    const progress = {
      batchId: 'b',
      status: 'running',
      phase: 'plan',
      dryRun: false,
      total: 1000,
      toDo: 1000,
      doneInPhase: 500,
      counts: { unchanged: 480, changed: 18, written: 0, failed: 2 },
      failureCodes: {},
      inFlight: { children: 4, items: 80 },
      paused: false,
      limits: DEFAULT_LIMITS,
      itemsPerMinute: 3000,
      remainingS: 10,
      startedAtMs: 0,
    } as const;
    // eslint-disable-next-line no-control-regex
    const plain = (text: string) => text.replaceAll(/\u001b\[\d+m/g, '');
    assert.equal(
      plain(progressLine(progress)),
      `computing ${'█'.repeat(12)}${'░'.repeat(12)} 500/1000  18 changed  2 failed  3000/min  10 s left`,
    );
    assert.match(plain(progressLine({ ...progress, paused: true })), /^paused /);
    assert.match(plain(progressLine({ ...progress, toDo: 0, doneInPhase: 0 })), /0\/0/);
  });
});
