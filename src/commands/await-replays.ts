/** Waits until replayed runs have ended: the row says how, and Temporal where there is none. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplayPorts } from '../operate/replay-ports.ts';
import type { ReplayedRun } from './replay-text.ts';

const POLL_MS = 300;
/** Every so many polls a few are looked at in Temporal: a run that was terminated leaves no row. */
const LOOK_EVERY = 20;
const LOOK_AT = 20;

export async function awaitReplays(
  runs: ReplayedRun[],
  { scorings, runs: temporal }: Pick<ReplayPorts, 'scorings' | 'runs'>,
  update: () => void,
  signal: AbortSignal,
): Promise<void> {
  for (let poll = 1; !signal.aborted; poll += 1) {
    await lookAtRows(runs, scorings);
    update();
    const pending = pendingOf(runs);
    if (pending.length === 0) return;
    if (poll % LOOK_EVERY === 0) {
      const closed: ReplayedRun[] = [];
      for (const one of pending.slice(0, LOOK_AT)) {
        const { workflowId } = one.scoring;
        if (await temporal.hasClosed(workflowId, newRunOf(one))) closed.push(one);
      }
      // Between the two looks it may have written its row and closed.
      await lookAtRows(closed, scorings);
      for (const one of pendingOf(closed))
        one.ended = { status: 'ended without a row', code: null };
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function lookAtRows(
  runs: readonly ReplayedRun[],
  scorings: ReplayPorts['scorings'],
): Promise<void> {
  const pending = pendingOf(runs);
  if (pending.length === 0) return;
  const rows = await scorings.standing(pending.map(({ scoring }) => scoring.scoringId));
  const byId = new Map(rows.map((row) => [row.scoringId, row]));
  for (const one of pending) {
    const row = byId.get(one.scoring.scoringId);
    if (row?.runId === newRunOf(one)) one.ended = { status: row.status, code: row.code };
  }
}

function pendingOf(runs: readonly ReplayedRun[]): ReplayedRun[] {
  return runs.filter(({ end, ended }) => end.outcome === 'started' && ended === null);
}

function newRunOf({ end }: ReplayedRun): string {
  return end.outcome === 'started' ? end.newRunId : '';
}
