import assert from 'node:assert/strict';
import type { AcceptedUpload } from '../../bench/chaos/checker/world.ts';
import { parseChaosOptions } from '../../bench/chaos/options.ts';
import { noCounts } from '../../bench/chaos/run-plan.ts';
import { showVerdict } from '../../bench/chaos/show-verdict.ts';
import { judge, type Evidence, type Verdict } from '../../bench/chaos/verdict.ts';
import { countEvents } from '../../bench/chaos/event-log.ts';

/** Of a run in which all went well. */
function evidenceOf(change: Partial<Evidence> = {}): Evidence {
  const options = parseChaosOptions([]);
  assert.ok(options !== null);
  return {
    options,
    seconds: 1,
    world: {
      stored: 0,
      accepted: [],
      scorings: [],
      applicationRows: [],
      workflows: [],
      claims: [],
      ends: [],
    },
    breaches: [],
    filesOfNoVersion: 0,
    counts: noCounts(),
    events: countEvents([]),
    speechStruck: {},
    reconciled: [0],
    deadLetters: 0,
    repeats: 0,
    deaths: {},
    paid: { contents: 0, repeated: 0, most: 0, overpaid: [] },
    memoryBefore: { worker: 400, starter: 100 },
    memoryAfter: { worker: 500, starter: 120 },
    processesLeft: [],
    filesLeft: [],
    ...change,
  };
}

function brokenBy(change: Partial<Evidence>): string[] {
  const { passed, invariants } = judge(evidenceOf(change));
  const broken = Object.entries(invariants).flatMap(([name, holds]) => (holds ? [] : [name]));
  assert.equal(passed, broken.length === 0);
  return broken;
}

/** Replaced, its event lost, and nothing of it anywhere. */
function traceless(count: number): AcceptedUpload[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `upload ${index}`,
    key: 'a',
    versionId: null,
    etag: 'e',
    sha256: 's',
    expected: { status: 'completed' },
    current: false,
    kept: false,
    deleted: false,
    event: index === 0 ? 'lost by plan' : 'lost with the store',
  }));
}

describe('the verdict of a fault run', () => {
  it('is passed where nothing was broken', () => {
    assert.deepEqual(brokenBy({}), []);
  });

  it('is not where memory was not weighed, before or after, of workers or starters', () => {
    const { memoryBefore, memoryAfter } = evidenceOf();
    for (const change of [
      { memoryBefore: { ...memoryBefore, worker: null } },
      { memoryBefore: { ...memoryBefore, starter: null } },
      { memoryAfter: { ...memoryAfter, worker: null } },
      { memoryAfter: { ...memoryAfter, starter: null } },
      { memoryAfter: { ...memoryAfter, worker: 651 } },
      { memoryAfter: { ...memoryAfter, starter: 201 } },
    ]) {
      assert.deepEqual(brokenBy(change), ['memoryBack'], JSON.stringify(change));
    }
  });

  it('is not where there are dead letters, since nobody has put poison into the queue', () => {
    assert.deepEqual(brokenBy({ deadLetters: 1 }), ['noDeadLetter']);
  });

  it('is not where a starter has dropped an event, also where reconciliation has mended that', () => {
    const breaches: Evidence['breaches'] = [{ kind: 'dropped', id: 'x', why: 'it was taken' }];
    assert.deepEqual(brokenBy({ breaches }), ['noEventDropped']);
    assert.equal(judge(evidenceOf({ breaches })).dropped, 1);
  });

  it('says what was forgiven and why, and forgives no more than its bound', () => {
    const { world } = evidenceOf();
    const verdictOf = (count: number) => ({ world: { ...world, accepted: traceless(count) } });
    const verdict: Verdict = judge(evidenceOf(verdictOf(6)));
    assert.deepEqual(verdict.forgiven, {
      uploads: 6,
      bound: 6,
      reasons: {
        'event lost by plan; S3 has it no more': 1,
        'event lost with the store; S3 has it no more': 5,
      },
    });
    assert.ok(verdict.passed);
    assert.match(showVerdict(verdict), /forgiven +6, at most 6: event lost by plan; .* 1, event/);
    assert.deepEqual(brokenBy(verdictOf(7)), ['fewForgiven']);
  });

  it('counts the calls that failed, and beside them those that were to', () => {
    const counts = { ...noCounts(), speechArmed: { hang: 3 } };
    const { faults } = judge(evidenceOf({ counts, speechStruck: { hang: 2 } }));
    assert.deepEqual(faults.speech, { hang: 2 });
    assert.deepEqual(faults.speechArmed, { hang: 3 });
  });
});
