import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import {
  ElocuteError,
  failures,
  isSuperseding,
  learnerMessage,
  supersededText,
  toApplicationFailure,
  type FailureCode,
} from '../../src/failures.ts';
import { learnerKo } from '../../src/failures/learner-ko.ts';
import { describeFailure } from '../../src/workflows/failure-code.ts';

const codes = Object.keys(failures) as FailureCode[];

describe('the failure catalogue', () => {
  for (const code of codes) {
    it(`tells operator and learner about ${code}, each in words of their own`, () => {
      const { operator, learner, retryable, replayable } = failures[code];
      assert.ok(operator.length > 20 && operator.endsWith('.'), operator);
      assert.ok(learner.length > 20 && learner.endsWith('.'), learner);
      assert.ok(!/S3|PostgreSQL|workflow|bucket|Temporal/i.test(learner), learner);
      // What Temporal would retry can also be replayed; the reverse need not hold.
      assert.ok(!retryable || replayable);
    });
  }

  it('tells the learner in Korean too: every code, polite, in Hangul, without our words', () => {
    assert.deepEqual(Object.keys(learnerKo), codes);
    for (const code of codes) {
      const korean = learnerMessage(code, 'ko');
      assert.match(korean, /[가-힣].*요\.$/, korean);
      assert.ok(!/[A-Za-z]/.test(korean), korean);
      assert.equal(learnerMessage(code, 'en'), failures[code].learner);
    }
    // Where the English words are the same for two codes, so are the Korean ones; and only there.
    for (const one of codes) {
      for (const other of codes) {
        const same = failures[one].learner === failures[other].learner;
        assert.equal(learnerKo[one] === learnerKo[other], same, `${one} and ${other}`);
      }
    }
  });

  it('knows which codes say that an upload no longer counts', () => {
    assert.deepEqual(codes.filter(isSuperseding), ['UPLOAD_GONE', 'UPLOAD_REPLACED']);
    assert.match(supersededText('UPLOAD_GONE'), /deleted/);
    assert.match(supersededText('UPLOAD_REPLACED'), /newer recording replaced this one/);
    assert.match(supersededText('AUDIO_DAMAGED'), /newer recording.*AUDIO_DAMAGED/);
    assert.match(supersededText(null), /newer recording.*kept here alone/);
  });

  it('carries code, retryability and delay through Temporal and back', () => {
    for (const code of codes) {
      const failure = toApplicationFailure(
        new ElocuteError(code, 'what happened', { nextRetryDelayMs: 30_000 }),
        1,
      );
      assert.equal(failure.type, code);
      assert.equal(failure.nonRetryable, !failures[code].retryable);
      assert.equal(failure.nextRetryDelay, 30_000);
      const wrapped = new ActivityFailure(
        'failed',
        'x',
        undefined,
        'NON_RETRYABLE_FAILURE',
        'w',
        failure,
      );
      assert.deepEqual(describeFailure(wrapped), { code, message: 'what happened' });
    }
  });

  it('gives up on crashes and bugs after three attempts, never on outages', () => {
    const crash = new ElocuteError('ANALYSIS_CRASHED', 'thread died');
    assert.equal(toApplicationFailure(crash, 2).nonRetryable, false);
    assert.equal(toApplicationFailure(crash, 3).nonRetryable, true);
    assert.equal(toApplicationFailure(new TypeError('bug'), 3).nonRetryable, true);
    const outage = new ElocuteError('DATABASE_UNAVAILABLE', 'down');
    assert.equal(toApplicationFailure(outage, 1000).nonRetryable, false);
  });

  it('keeps the code of what was retried when time runs out', () => {
    const last = ApplicationFailure.create({ type: 'SPEECH_QUOTA', message: 'quota' });
    const timeout = new TimeoutFailure('too late', undefined, 'SCHEDULE_TO_CLOSE');
    Object.assign(timeout, { cause: last });
    const failure = new ActivityFailure('failed', 'x', undefined, 'TIMEOUT', 'w', timeout);
    assert.equal(describeFailure(failure).code, 'SPEECH_QUOTA');
    const bare = new TimeoutFailure('too late', undefined, 'HEARTBEAT');
    assert.equal(
      describeFailure(new ActivityFailure('f', 'x', undefined, 'TIMEOUT', 'w', bare)).code,
      'TIMED_OUT',
    );
    assert.equal(describeFailure(new Error('what?')).code, 'INTERNAL');
  });

  it('has each code once in the runbook, under who has to act', () => {
    const page = readFileSync(new URL('../../docs/reliability.md', import.meta.url), 'utf8');
    const runbook = page.split('## Runbook')[1]?.split('\n## ')[0] ?? '';
    const rows = runbook.split('\n').filter((line) => line.startsWith('| '));
    const named = rows
      .slice(2)
      .flatMap((row) =>
        [...(row.split('|')[2] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, code]) => code),
      );
    assert.deepEqual(named.sort(), Object.keys(failures).sort());
  });
});
