/** Runs a planned replay: starts one after the other, and looks how they end from the first on. */
import type { ReplayableScoring } from '../operate/failed-scorings.ts';
import { replayMany } from '../operate/replay-many.ts';
import type { ReplayPorts } from '../operate/replay-ports.ts';
import type { ReplayWish } from '../operate/replay-scoring.ts';
import { awaitReplays } from './await-replays.ts';
import { InterruptedError, UnavailableError } from './exit-codes.ts';
import type { ReplayedRun } from './replay-text.ts';
import { createReplayView, type ReplayView } from './replay-view.ts';

export interface RunningReplay {
  toReplay: readonly ReplayableScoring[];
  wish: ReplayWish;
  ports: ReplayPorts;
  perSecond: number;
  signal: AbortSignal;
  /** Until all have ended? */
  wait: boolean;
  view?: ReplayView;
  pollMs?: number;
}

/**
 * Adds each to `ran` as it was started or refused. @throws InterruptedError on Ctrl-C,
 * UnavailableError where Temporal or the database does not answer.
 */
export async function runReplays(running: RunningReplay, ran: ReplayedRun[]): Promise<void> {
  const { toReplay, signal } = running;
  if (toReplay.length === 0) return;
  const view = running.view ?? createReplayView(toReplay.length);
  const soFar = () => `${ran.length} of ${toReplay.length} were dealt with`;
  try {
    await startAndWait(running, ran, () => view.update(ran));
    if (ran.length < toReplay.length) {
      throw new InterruptedError(
        `Interrupted: ${soFar()}; what was started goes on. The same command goes on with the rest.`,
      );
    }
    if (signal.aborted) throw new InterruptedError('Interrupted: all were started, and go on.');
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UnavailableError(
      `Ended early, ${soFar()}: ${why}. What was started goes on; the same command goes on with the rest.`,
      { cause: error },
    );
  } finally {
    view.end();
  }
}

async function startAndWait(
  { toReplay, wish, ports, perSecond, signal, wait, pollMs }: RunningReplay,
  ran: ReplayedRun[],
  update: () => void,
): Promise<void> {
  let isStarted = false;
  const stop = new AbortController();
  const waiting = wait
    ? awaitReplays(ran, ports, {
        update,
        signal: AbortSignal.any([signal, stop.signal]),
        areStarted: () => isStarted,
        ...(pollMs === undefined ? {} : { pollMs }),
      })
    : Promise.resolve();
  // It may end while the next are started; nobody waits for it yet.
  waiting.catch(() => undefined);
  try {
    await replayMany(toReplay, wish, ports, {
      perSecond,
      signal,
      onReplay(scoring, end) {
        ran.push({ scoring, end, ended: null });
        update();
      },
    });
    isStarted = true;
  } finally {
    if (!isStarted) stop.abort();
    await waiting;
  }
}
