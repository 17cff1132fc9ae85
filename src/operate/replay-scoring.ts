/** Replays one failed scoring: reset to the failed step where its run is retained, else anew. */
import type { ReplayableScoring } from './failed-scorings.ts';
import { RUNNING } from './plan-replays.ts';
import type { ReplayEnd, ReplayFrom, ReplayPorts, ReplayRequest } from './replay-ports.ts';
import { replayFrom, replayRefusal } from './replay-refusal.ts';

export interface ReplayWish extends ReplayRequest {
  from: ReplayFrom;
  force: boolean;
}

/**
 * `planned`: the row as it was when the replay was asked for; where it has changed since, nothing is
 * done. @throws what the ports throw, after the log has it
 */
export async function replayScoring(
  planned: ReplayableScoring,
  wish: ReplayWish,
  ports: ReplayPorts,
): Promise<ReplayEnd> {
  const early = replayRefusal(planned, wish.force);
  if (early !== null) return { outcome: 'refused', note: early };
  const id = await ports.log.open(planned, wish);
  if (id === null) return { outcome: 'refused', note: 'somebody is replaying it at this moment' };
  let end: ReplayEnd;
  try {
    end = await replayClaimed(id, planned, wish, ports);
  } catch (error) {
    const note = error instanceof Error ? error.message : String(error);
    // What could not be noted either stays open, and is `unknown` to the next who asks.
    await ports.log.close(id, { outcome: 'failed', note }).catch(() => undefined);
    throw error;
  }
  await ports.log.close(id, end);
  return end;
}

async function replayClaimed(
  id: string,
  planned: ReplayableScoring,
  wish: ReplayWish,
  { scorings, runs }: ReplayPorts,
): Promise<ReplayEnd> {
  const [now] = await scorings.find(planned.scoringId);
  if (now === undefined) return { outcome: 'refused', note: 'its row is gone' };
  const why = replayRefusal(now, wish.force);
  if (why !== null) return { outcome: 'refused', note: why };
  if (now.attempts !== planned.attempts) {
    return {
      outcome: 'refused',
      note: `it was replayed meanwhile and ended as ${now.code ?? '?'}`,
    };
  }
  const standing = await runs.look(now, replayFrom(now, wish.from));
  if (standing.kind === 'running') return { outcome: 'refused', note: RUNNING };
  if (standing.kind === 'closed') {
    const newRunId = await standing.reset({ reason: reasonOf(wish), requestId: id });
    if (newRunId !== null) {
      const { runId: oldRunId, step } = standing;
      return { outcome: 'started', how: 'reset', step, oldRunId, newRunId };
    }
  }
  const newRunId = await runs.start(now);
  if (newRunId === null) return { outcome: 'refused', note: RUNNING };
  const oldRunId = standing.kind === 'closed' ? standing.runId : now.runId;
  return { outcome: 'started', how: 'new run', step: 'resolveLesson', oldRunId, newRunId };
}

/** Stands in the history, which is not encrypted. */
function reasonOf({ reason, requestedBy }: ReplayRequest): string {
  return `replay by ${requestedBy}${reason === null ? '' : `: ${reason}`}`;
}
