import assert from 'node:assert/strict';
import { adviceByCode } from '../../src/commands/failed-table.ts';
import { parseRate } from '../../src/commands/parse-rate.ts';
import { nothingText, planText } from '../../src/commands/replay-text.ts';
import type { ReplayableScoring } from '../../src/operate/failed-scorings.ts';
import { planReplays } from '../../src/operate/plan-replays.ts';
import { replayMany } from '../../src/operate/replay-many.ts';
import type { ReplayEnd, ReplayPorts, RunStanding } from '../../src/operate/replay-ports.ts';
import type { ReplayWish } from '../../src/operate/replay-scoring.ts';
import { replayable as scoring } from '../support/replayable-scoring.ts';

const WISH: ReplayWish = { from: 'failed', force: false, reason: null, requestedBy: 'ada' };

function fakes(rows: readonly ReplayableScoring[], standing: Partial<RunStanding> = {}) {
  const ends: ReplayEnd[] = [];
  const resets: string[] = [];
  const starts: string[] = [];
  const ports: ReplayPorts = {
    scorings: {
      list: () => Promise.resolve([...rows]),
      toReplay: () => Promise.resolve([...rows]),
      countByCode: () => Promise.resolve([]),
      find: (id) => Promise.resolve(rows.filter(({ scoringId }) => scoringId === id)),
      standing: () => Promise.resolve([]),
    },
    runs: {
      look: ({ workflowId }) =>
        Promise.resolve({
          kind: 'closed',
          runId: 'old',
          step: 'saveScore',
          reset: ({ reason }) => {
            resets.push(`${workflowId} ${reason}`);
            return Promise.resolve('new');
          },
          ...standing,
        } as RunStanding),
      start: ({ workflowId }) => {
        starts.push(workflowId);
        return Promise.resolve('anew');
      },
      hasClosed: () => Promise.resolve(false),
    },
    log: {
      open: ({ scoringId }) => Promise.resolve(`log-${scoringId}`),
      close: (_, end) => {
        ends.push(end);
        return Promise.resolve();
      },
    },
  };
  return { ports, ends, resets, starts };
}

const never = new AbortController().signal;
const fast = { perSecond: 1e6, signal: never, onReplay: () => undefined };

describe('replaying many', () => {
  it('spreads them over time: three at 20 a second take a tenth of a second', async () => {
    const rows = [1, 2, 3].map((index) => scoring(index));
    const { ports, resets } = fakes(rows);
    const startedAt = performance.now();
    assert.equal(await replayMany(rows, WISH, ports, { ...fast, perSecond: 20 }), 3);
    // A timer may come a millisecond early.
    assert.ok(performance.now() - startedAt >= 95);
    assert.deepEqual(resets[0], 'score-1 replay by ada');
  });

  it('does not wait after one that was refused', async () => {
    const rows = [scoring(1, { status: 'completed' }), scoring(2, { status: 'superseded' })];
    const { ports, ends, resets } = fakes(rows);
    assert.equal(await replayMany(rows, WISH, ports, { ...fast, perSecond: 0.0001 }), 2);
    assert.deepEqual([ends, resets], [[], []], 'nothing is claimed for them either');
  });

  it('stops between two where it is told to, also while it waits', async () => {
    const rows = [1, 2].map((index) => scoring(index));
    const { ports } = fakes(rows);
    const stop = new AbortController();
    const options = { perSecond: 0.0001, signal: stop.signal, onReplay: () => stop.abort() };
    assert.equal(await replayMany(rows, WISH, ports, options), 1);
  });

  it('leaves alone what has been replayed since it was planned', async () => {
    const { ports, ends, resets } = fakes([scoring(1, { attempts: 2 })]);
    await replayMany([scoring(1)], WISH, ports, fast);
    assert.deepEqual(resets, []);
    assert.deepEqual(
      ends.map(({ outcome }) => outcome),
      ['refused'],
    );
  });

  it('starts anew where Temporal does not take the reset', async () => {
    const rows = [scoring(1)];
    const { ports, ends, starts } = fakes(rows, { reset: () => Promise.resolve(null) });
    await replayMany(rows, WISH, ports, fast);
    assert.deepEqual(starts, ['score-1']);
    assert.deepEqual(ends, [
      {
        outcome: 'started',
        how: 'new run',
        step: 'resolveLesson',
        oldRunId: 'old',
        newRunId: 'anew',
      },
    ]);
  });

  it('ends where Temporal is away, with the failure in the audit', async () => {
    const rows = [scoring(1), scoring(2)];
    const { ports, ends } = fakes(rows, { reset: () => Promise.reject(new Error('away')) });
    await assert.rejects(replayMany(rows, WISH, ports, fast), /away/);
    assert.deepEqual(ends, [{ outcome: 'failed', note: 'away' }]);
  });
});

describe('the plan of a replay', () => {
  it('looks at so many runs only, and says which it did not look at', async () => {
    const rows = [1, 2, 3].map((index) => scoring(index));
    const { ports } = fakes(rows);
    const plan = await planReplays(rows, ports.runs, { from: 'failed', force: false, lookAt: 2 });
    assert.deepEqual(
      plan.map(({ kind }) => kind),
      ['reset', 'reset', 'not looked at'],
    );
  });

  it('goes back to the lesson where the first step read what was mended', async () => {
    const asked: string[] = [];
    const codes = ['STANDARD_UNUSABLE', 'WORD_UNPRONOUNCEABLE', 'SPEECH_DENIED'];
    const rows = codes.map((code, index) => scoring(index, { code }));
    const look = (_: ReplayableScoring, from: string) => {
      asked.push(from);
      return Promise.resolve({ kind: 'gone' } as const);
    };
    await planReplays(rows, { look }, { from: 'failed', force: false, lookAt: 9 });
    assert.deepEqual(asked, ['lesson', 'lesson', 'failed']);
  });

  it('refuses what a replay cannot help, unless forced', async () => {
    const rows = [scoring(1, { code: 'AUDIO_DAMAGED' })];
    const { ports } = fakes(rows);
    const kinds = async (force: boolean) =>
      (await planReplays(rows, ports.runs, { from: 'failed', force, lookAt: 9 })).map(
        ({ kind }) => kind,
      );
    assert.deepEqual([await kinds(false), await kinds(true)], [['refused'], ['reset']]);
  });
});

describe('the words of the failed and replay commands', () => {
  it('say what a filter also meets and no replay can help', () => {
    const leftOut = [{ code: 'AUDIO_DAMAGED', count: 3 } as const];
    const plan = [{ scoring: scoring(1), kind: 'reset', step: 'saveScore' } as const];
    const text = planText(plan, 5, leftOut);
    assert.match(
      text,
      /^To be replayed: 1 of 4\n {5}1 {2}reset to saveScore\nNot replayed:\n {5}3 {2}a replay cannot help with AUDIO_DAMAGED/,
    );
    assert.match(nothingText(leftOut), /^Nothing to replay:\n {5}3 {2}a replay cannot help/);
    assert.equal(nothingText([]), 'Nothing that failed matches.');
  });

  it('read rates by second, minute and hour', () => {
    assert.deepEqual(['5', '5/s', '30/m', '0.5/s', '3600/h'].map(parseRate), [5, 5, 0.5, 0.5, 1]);
    for (const bad of ['0', '-1', '5/d', '', 'x'])
      assert.throws(() => parseRate(bad), /is no rate/);
  });

  it('give advice for a code that this version does not know', () => {
    assert.match(adviceByCode([{ code: 'OLD', count: 2 }]), /2 {2}OLD\n +Unknown to this version/);
  });
});
