import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createBatchView } from '../../src/commands/batch-view.ts';
import { isColoured } from '../../src/commands/colours.ts';
import { cutLine } from '../../src/commands/cut-line.ts';
import { demoTable, type DemoScoring } from '../../src/commands/demo-output.ts';
import { exitCodeOf, explain } from '../../src/commands/exit-codes.ts';
import { createProgressView } from '../../src/commands/progress-view.ts';
import { createReplayView } from '../../src/commands/replay-view.ts';
import { writePage } from '../../src/commands/write-page.ts';
import type { ScoringProgress } from '../../src/contract.ts';
import { ElocuteError, failures, isFailureCode } from '../../src/failures.ts';
import { batchProgress } from '../support/batch-progress.ts';
import { exampleResult } from '../support/example-result.ts';
import { screen } from '../support/screen.ts';
import { temporaryFolder } from '../support/services.ts';

const STEPS = ['resolve lesson', 'transcribe learner', 'track pitch of the learner and standard'];

function scoring(state: 'running' | 'done'): ScoringProgress {
  const steps = STEPS.map((name) => ({ name, state }));
  return { status: 'scoring', steps, summary: null, failureCode: null };
}

describe('progress on a terminal of 40 columns', () => {
  it('keeps a row for each scoring, however long its line', () => {
    const { output, rows } = screen(40);
    const view = createProgressView(
      ['one', 'two'],
      (id) => `${id} · a title of some length`,
      output,
    );
    for (const state of ['running', 'running', 'done', 'running'] as const)
      view.update('one', scoring(state));
    assert.equal(rows().length, 2, rows().join('\n'));
    for (const row of rows()) assert.ok(row.length < 40, row);
  });

  it('redraws the one line of a batch and of a replay in its place', () => {
    const batch = screen(40);
    const view = createBatchView(batch.output);
    for (const doneInPhase of [1, 500, 1000]) view.update({ ...batchProgress(), doneInPhase });
    assert.equal(batch.rows().length, 1, batch.rows().join('\n'));
    const replay = screen(40);
    const replayed = createReplayView(100, replay.output);
    replayed.update([]);
    replayed.end();
    assert.equal(replay.rows().length, 1, replay.rows().join('\n'));
  });

  it('cuts lines by what they show: colours take no room, Hangul two columns', () => {
    assert.equal(cutLine('12345', 6), '12345');
    assert.equal(cutLine('123456', 6), '1234…');
    assert.equal(cutLine('12345', undefined), '12345');
    assert.equal(cutLine('가나다', 7), '가나다');
    assert.equal(cutLine('가나다', 6), '가나…');
    const coloured = `\u001b[31m12345\u001b[39m`;
    assert.equal(cutLine(coloured, 6), coloured);
    assert.equal(cutLine(coloured, 5), '\u001b[31m123…\u001b[0m');
  });
});

describe('the table of the demo', () => {
  const stored = { result: exampleResult(), failure_code: null };
  const recording = { title: 'Short Vowels 3', sentence: 'It was good.', expertTotal: 7 };
  const scorings = [{ language: 'en', recording, stored } as unknown as DemoScoring];

  it('leaves out the least of the figures where the terminal is narrow', () => {
    const widest = (columns: number) =>
      Math.max(
        ...demoTable(scorings, columns)
          .split('\n')
          .filter((line) => /[│┌├└]/.test(line))
          .map((line) => line.length),
      );
    for (const columns of [200, 146, 100, 80, 72, 60, 40])
      assert.ok(widest(columns) <= columns, `${widest(columns)} of ${columns}`);
    const head = demoTable(scorings, 50);
    assert.match(head, /overall.*wrong.*experts/);
    assert.doesNotMatch(head, /│ *rhythm/);
    assert.match(demoTable(scorings), /overall.*pitch.*rhythm.*speed.*pauses.*wrong.*experts/);
  });
});

describe('colours', () => {
  it('are for terminals: not for pipes, whether in CI or not', () => {
    assert.equal(isColoured(true, {}), true);
    assert.equal(isColoured(undefined, { CI: 'true' }), false);
    assert.equal(isColoured(true, { TERM: 'dumb' }), false);
    assert.equal(isColoured(true, { NO_COLOR: '1', FORCE_COLOR: '1' }), false);
    assert.equal(isColoured(true, { NO_COLOR: '' }), true);
    assert.equal(isColoured(false, { FORCE_COLOR: '1' }), true);
    assert.equal(isColoured(true, { FORCE_COLOR: '0' }), false);
  });
});

describe('the end of a command', () => {
  it('is 3 for everything that does not answer or does not let us in', () => {
    for (const code of Object.keys(failures).filter(isFailureCode)) {
      const expected = /_(UNAVAILABLE|DENIED)$/.test(code) ? 3 : 1;
      assert.equal(exitCodeOf(new ElocuteError(code, 'x')), expected, code);
    }
  });

  it('shows a stack only where it was asked for', () => {
    const error = new Error('no luck');
    assert.equal(explain(error, false), 'no luck');
    assert.match(explain(error, true), /^no luck\n[^]*\n {4}at /);
    const known = explain(new ElocuteError('AUDIO_DAMAGED', 'broken'), false);
    assert.doesNotMatch(known, /\n {4}at /);
  });

  it('says why a page cannot be written', () => {
    const folder = temporaryFolder('page');
    mkdirSync(join(folder, 'taken'));
    const write = (name: string) => () => writePage(join(folder, name), 'x', 'Look.');
    assert.throws(write('none/page.html'), {
      name: 'UsageError',
      message: /page\.html cannot be written: there is no such folder\. Look\.$/,
    });
    assert.throws(write('taken'), /it is a folder/);
    write('page.html')();
  });
});
