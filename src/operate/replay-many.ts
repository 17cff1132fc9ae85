/** Replays scorings one after the other, slowly; what it has started goes on without it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReplayableScoring } from './failed-scorings.ts';
import type { ReplayEnd, ReplayPorts } from './replay-ports.ts';
import { replayScoring, type ReplayWish } from './replay-scoring.ts';

export interface ReplayManyOptions {
  /** Starts a second at most. */
  perSecond: number;
  signal: AbortSignal;
  onReplay: (scoring: ReplayableScoring, end: ReplayEnd) => void;
}

/** How many were dealt with; fewer than given where the signal said stop. Throws where a port does. */
export async function replayMany(
  scorings: readonly ReplayableScoring[],
  wish: ReplayWish,
  ports: ReplayPorts,
  { perSecond, signal, onReplay }: ReplayManyOptions,
): Promise<number> {
  let done = 0;
  let nextAt = performance.now();
  for (const scoring of scorings) {
    const waitMs = nextAt - performance.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const startedAt = performance.now();
    const end = await replayScoring(scoring, wish, ports);
    done += 1;
    onReplay(scoring, end);
    // From the start of this one: a slow call is no debt that a burst pays back.
    if (end.outcome === 'started') nextAt = startedAt + 1000 / perSecond;
  }
  return done;
}
