/** Waits until replayed runs have ended: the row says how, and Temporal where there is none. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplayPorts } from '../operate/replay-ports.ts';
import { patience } from './patience.ts';
import type { ReplayedRun } from './replay-text.ts';

const POLL_MS = 300;
/** So many rows a poll, in turn: the work of a poll does not grow with the replay. */
const ROWS = 1000;
/** Every so many polls a few are looked at in Temporal, in turn: a terminated run leaves no row. */
const LOOK_EVERY = 20;
const LOOK_AT = 20;

export interface AwaitOptions {
  update: () => void;
  signal: AbortSignal;
  /** Are all in `runs` that ever will be? */
  areStarted?: () => boolean;
  pollMs?: number;
  giveUpMs?: number;
}

/**
 * `runs` may grow meanwhile. One that waits for a teacher has ended as far as a command waits: a review
 * takes weeks. Rejects where nothing answers for a minute.
 */
export async function awaitReplays(
  runs: readonly ReplayedRun[],
  ports: Pick<ReplayPorts, 'scorings' | 'runs'>,
  { update, signal, areStarted = () => true, pollMs = POLL_MS, giveUpMs }: AwaitOptions,
): Promise<void> {
  const { attempt } = patience(giveUpMs);
  let taken = 0;
  let pending: ReplayedRun[] = [];
  for (let poll = 1; !signal.aborted; poll += 1) {
    const all = areStarted();
    for (; taken < runs.length; taken += 1) {
      const run = runs[taken];
      if (run?.end.outcome === 'started' && run.ended === null) pending.push(run);
    }
    await attempt(async () => {
      await lookAtRows(pending.slice(0, ROWS), ports);
      if (poll % LOOK_EVERY === 0) await lookAtRuns(pending.slice(0, LOOK_AT), ports);
    });
    pending = turned(pending, poll % LOOK_EVERY === 0 ? LOOK_AT : ROWS);
    update();
    if (all && pending.length === 0) return;
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Without those that have ended, the first `count` behind the others. */
function turned(pending: readonly ReplayedRun[], count: number): ReplayedRun[] {
  const others = [...pending.slice(count), ...pending.slice(0, count)];
  return others.filter(({ ended }) => ended === null);
}

async function lookAtRows(
  pending: readonly ReplayedRun[],
  { scorings }: Pick<ReplayPorts, 'scorings'>,
): Promise<void> {
  if (pending.length === 0) return;
  const rows = await scorings.standing(pending.map(({ scoring }) => scoring.scoringId));
  const byRun = new Map(rows.map((row) => [row.runId, row]));
  for (const one of pending) {
    const row = byRun.get(newRunOf(one));
    if (row !== undefined) one.ended = { status: row.status, code: row.code };
  }
}

async function lookAtRuns(
  pending: readonly ReplayedRun[],
  { scorings, runs }: Pick<ReplayPorts, 'scorings' | 'runs'>,
): Promise<void> {
  const closed: ReplayedRun[] = [];
  for (const one of pending) {
    if (one.ended === null && (await runs.hasClosed(one.scoring.workflowId, newRunOf(one))))
      closed.push(one);
  }
  // Between the two looks it may have written its row and closed.
  await lookAtRows(closed, { scorings });
  for (const one of closed) one.ended ??= { status: 'ended without a row', code: null };
}

function newRunOf({ end }: ReplayedRun): string {
  return end.outcome === 'started' ? end.newRunId : '';
}
