import assert from 'node:assert/strict';
import { createProgressView } from '../../src/commands/progress-view.ts';
import { describeScoring } from '../../src/commands/status.ts';
import { shownScoring, type StoredScoring } from '../../src/commands/stored-scoring.ts';
import type { ScoringProgress } from '../../src/contract.ts';
import type { FailureCode } from '../../src/failures.ts';
import { exampleResult } from '../support/example-result.ts';

function superseded(overrides: Partial<StoredScoring>): StoredScoring {
  return {
    id: 'a'.repeat(64),
    object_key: 'k',
    content_type: 'novel',
    level: 2,
    title: 'A Breath of Life',
    line: 1,
    sentence: null,
    status: 'superseded',
    failure_code: null,
    failure_message: null,
    result: null,
    workflow_id: 'score-a',
    application_row_id: null,
    attempts: 1,
    finished_at: new Date(0),
    ...overrides,
  };
}

describe('a superseded scoring', () => {
  it('says in `elocute status` what came instead, and shows no failure', () => {
    const replaced = superseded({
      failure_code: 'UPLOAD_REPLACED',
      failure_message: 'a newer object lies under this key',
    });
    assert.equal(
      describeScoring(replaced, 'en'),
      'novel · level 2 · A Breath of Life · line 1: superseded\n' +
        'A newer recording replaced this one; the newer one has its own scoring.\n',
    );
    const gone = describeScoring(superseded({ failure_code: 'UPLOAD_GONE' }), 'en');
    assert.match(gone, /: superseded\nThe recording was deleted before it could be read\.\n$/);
    assert.equal(shownScoring(replaced).status, 'superseded');
  });

  it('shows what it scored all the same, in the language of the advice', () => {
    const scored = superseded({ sentence: 'It was good.', result: exampleResult() });
    const text = describeScoring(scored, 'ko');
    assert.match(text, /kept here alone\.\n"It was good\."\nattempt {10}ok\noverall {10}81\.2\n/);
    assert.ok(text.includes(exampleResult().feedback.text.ko));
  });

  it('is told apart from a failure while it is followed', () => {
    const progress = (failureCode: FailureCode | null): ScoringProgress => ({
      status: 'superseded',
      steps: [{ name: 'resolve lesson', state: 'cancelled' }],
      summary: null,
      failureCode,
    });
    const lines: string[] = [];
    const output = { isTTY: false, write: (text: string) => lines.push(text) > 0 };
    const view = createProgressView(
      ['one', 'two'],
      (id) => id,
      output as unknown as NodeJS.WriteStream,
    );
    view.update('one', progress('UPLOAD_REPLACED'));
    view.update('two', progress('UPLOAD_GONE'));
    view.update('two', progress('UPLOAD_GONE'));
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /^\[1\/2\] one .*replaced by a newer recording/);
    assert.match(lines[1] ?? '', /^\[2\/2\] two .*deleted/);
    assert.ok(!lines.join('').includes('✗'));
  });
});
