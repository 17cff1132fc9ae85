/** What a replay would do with each scoring, before anything is done. */
import type { ReplayableScoring } from './failed-scorings.ts';
import type { ReplayFrom, ReplayHow, ReplayRuns } from './replay-ports.ts';
import { replayFrom, replayRefusal } from './replay-refusal.ts';

export type PlannedReplay =
  | { scoring: ReplayableScoring; kind: 'refused'; why: string }
  | { scoring: ReplayableScoring; kind: ReplayHow; step: string }
  /** Temporal was not asked: there are too many. */
  | { scoring: ReplayableScoring; kind: 'not looked at' };

export interface PlanOptions {
  from: ReplayFrom;
  force: boolean;
  /** So many runs are looked at; each costs two calls. */
  lookAt: number;
}

const AT_ONCE = 8;
const FIRST_STEP = 'resolveLesson';
export const RUNNING = 'it runs already';

export async function planReplays(
  scorings: readonly ReplayableScoring[],
  runs: Pick<ReplayRuns, 'look'>,
  { from, force, lookAt }: PlanOptions,
): Promise<PlannedReplay[]> {
  const plan = async (scoring: ReplayableScoring, index: number): Promise<PlannedReplay> => {
    const why = replayRefusal(scoring, force);
    if (why !== null) return { scoring, kind: 'refused', why };
    if (index >= lookAt) return { scoring, kind: 'not looked at' };
    const standing = await runs.look(scoring, replayFrom(scoring, from));
    switch (standing.kind) {
      case 'running':
        return { scoring, kind: 'refused', why: RUNNING };
      case 'gone':
        return { scoring, kind: 'new run', step: FIRST_STEP };
      case 'closed':
        return { scoring, kind: 'reset', step: standing.step };
    }
  };
  const planned: PlannedReplay[] = [];
  for (let first = 0; first < scorings.length; first += AT_ONCE) {
    const some = scorings.slice(first, first + AT_ONCE);
    planned.push(...(await Promise.all(some.map((one, i) => plan(one, first + i)))));
  }
  return planned;
}
