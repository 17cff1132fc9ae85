import assert from 'node:assert/strict';
import { awaitReplays } from '../../src/commands/await-replays.ts';
import { InterruptedError } from '../../src/commands/exit-codes.ts';
import { dealtWith, replayedText, type ReplayedRun } from '../../src/commands/replay-text.ts';
import { runReplays, type RunningReplay } from '../../src/commands/run-replays.ts';
import type { ReplayableScoring, RunOutcome } from '../../src/operate/failed-scorings.ts';
import type { ReplayPorts } from '../../src/operate/replay-ports.ts';
import { replayable as scoring } from '../support/replayable-scoring.ts';

const never = new AbortController().signal;

interface Fakes {
  /** How a new run stands when it is looked at; null: it runs. */
  outcomeOf?: (scoringId: string) => Pick<RunOutcome, 'status' | 'code'> | null;
  hasClosed?: (workflowId: string) => boolean;
}

/** Ports of which every scoring can be reset; `newRun-…` is the run that it then has. */
function fakes(rows: readonly ReplayableScoring[], { outcomeOf, hasClosed }: Fakes = {}) {
  const byId = new Map(rows.map((row) => [row.scoringId, row]));
  const asked = { rows: 0, mostRows: 0, runs: [] as string[] };
  const ports: ReplayPorts = {
    scorings: {
      list: () => Promise.resolve([]),
      toReplay: () => Promise.resolve([]),
      countByCode: () => Promise.resolve([]),
      find: (id) => Promise.resolve([byId.get(id) ?? assert.fail(id)]),
      standing(ids) {
        asked.rows += ids.length;
        asked.mostRows = Math.max(asked.mostRows, ids.length);
        return Promise.resolve(
          ids.flatMap((scoringId): RunOutcome[] => {
            const outcome = outcomeOf?.(scoringId) ?? null;
            const old: RunOutcome = { scoringId, runId: 'old', status: 'failed', code: 'X' };
            return outcome === null
              ? [old]
              : [old, { scoringId, runId: `new-${scoringId}`, ...outcome }];
          }),
        );
      },
    },
    runs: {
      look: ({ scoringId }) =>
        Promise.resolve({
          kind: 'closed',
          runId: 'old',
          step: 'saveScore',
          reset: () => Promise.resolve(`new-${scoringId}`),
        }),
      start: () => Promise.resolve(null),
      hasClosed(workflowId) {
        asked.runs.push(workflowId);
        return Promise.resolve(hasClosed?.(workflowId) ?? false);
      },
    },
    log: { open: () => Promise.resolve('log'), close: () => Promise.resolve() },
  };
  return { ports, asked };
}

const COMPLETED = { status: 'completed', code: null } as const;
const silent = { update: () => undefined, end: () => undefined };

function running(
  toReplay: readonly ReplayableScoring[],
  ports: ReplayPorts,
  changes: Partial<RunningReplay> = {},
): RunningReplay {
  const wish = { from: 'failed', force: false, reason: null, requestedBy: 'ada' } as const;
  const fast = { perSecond: 1e6, signal: never, wait: true, view: silent, pollMs: 1 };
  return { toReplay, wish, ports, ...fast, ...changes };
}

function started(rows: readonly ReplayableScoring[]): ReplayedRun[] {
  return rows.map((one) => ({
    scoring: one,
    end: {
      outcome: 'started',
      how: 'reset',
      step: 'saveScore',
      oldRunId: 'old',
      newRunId: `new-${one.scoringId}`,
    },
    ended: null,
  }));
}

const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => scoring(index));

describe('a replay that is followed', function () {
  this.timeout(60_000);

  it('shows how the first ended while others still wait for their turn', async () => {
    const rows = rowsOf(3);
    const { ports } = fakes(rows, { outcomeOf: () => COMPLETED });
    const stop = new AbortController();
    const seen: [runs: number, ended: number][] = [];
    const view = {
      update(runs: readonly ReplayedRun[]) {
        seen.push([runs.length, dealtWith(runs)]);
        if (dealtWith(runs) === 1) stop.abort();
      },
      end: () => undefined,
    };
    const ran: ReplayedRun[] = [];
    // The second would be started in hours.
    const options = { view, signal: stop.signal, perSecond: 0.0001 };
    await assert.rejects(runReplays(running(rows, ports, options), ran), InterruptedError);
    assert.deepEqual(seen.at(-1), [1, 1]);
  });

  it('ends for one that waits for a teacher', async () => {
    const rows = rowsOf(2);
    const { ports } = fakes(rows, {
      outcomeOf: (id) =>
        id === rows[0]?.scoringId ? { status: 'reviewing', code: null } : COMPLETED,
    });
    const ran: ReplayedRun[] = [];
    await runReplays(running(rows, ports), ran);
    assert.match(replayedText(ran), /reset to saveScore: waits for a teacher\n/);
    assert.match(replayedText(ran), /2 replayed, 1 waiting for a teacher, 1 completed$/);
  });

  it('finds terminated runs behind many that still run', async () => {
    const rows = rowsOf(50);
    const last = rows.at(-1)?.workflowId;
    const { ports } = fakes(rows, { hasClosed: (workflowId) => workflowId === last });
    const runs = started(rows);
    const stop = new AbortController();
    const update = () => runs.at(-1)?.ended !== null && stop.abort();
    await awaitReplays(runs, ports, { update, signal: stop.signal, pollMs: 1 });
    assert.equal(runs.at(-1)?.ended?.status, 'ended without a row');
    assert.equal(dealtWith(runs), 1);
  });

  it('survives answers that fail, and ends where none comes for long', async () => {
    const rows = rowsOf(1);
    const { ports } = fakes(rows, { outcomeOf: () => COMPLETED });
    let failures = 3;
    const standing: ReplayPorts['scorings']['standing'] = (ids) => {
      failures -= 1;
      return failures >= 0 ? Promise.reject(new Error('away')) : ports.scorings.standing(ids);
    };
    const flaky = { ...ports, scorings: { ...ports.scorings, standing } };
    const runs = started(rows);
    const options = { update: () => undefined, signal: never, pollMs: 1 };
    await awaitReplays(runs, flaky, options);
    assert.equal(runs[0]?.ended?.status, 'completed');
    failures = Infinity;
    await assert.rejects(awaitReplays(started(rows), flaky, { ...options, giveUpMs: 20 }), /away/);
  });

  it('of ten thousand takes seconds, and looks at no more than a page of rows at once', async () => {
    const rows = rowsOf(10_000);
    const { ports, asked } = fakes(rows, { outcomeOf: () => COMPLETED });
    const ran: ReplayedRun[] = [];
    const startedAt = performance.now();
    await runReplays(running(rows, ports), ran);
    assert.ok(performance.now() - startedAt < 20_000);
    assert.equal(dealtWith(ran), rows.length);
    assert.ok(asked.mostRows <= 1000, `${asked.mostRows} rows at once`);
    assert.ok(asked.rows <= 2 * rows.length, `${asked.rows} rows for ${rows.length}`);
  });
});
