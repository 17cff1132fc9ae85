/** The rate of speech calls that all workers of a task queue share: one row, and its clock. */
import { setTimeout as sleep } from 'node:timers/promises';
import { nextRate, type RateEvent, type RateLimits, type RateState } from './adaptive-rate.ts';
import type { Database } from './postgres.ts';

export interface SharedRate {
  /** Tells what happened; answers with the rate that holds from now on, calls a second. */
  tell(event: RateEvent): Promise<number>;
  /** Waits for this call's turn among the calls of all workers. */
  turn(signal?: AbortSignal): Promise<void>;
}

interface Row {
  per_second: number;
  lowered_at_ms: number | null;
  changed_at_ms: number;
  now_ms: number;
}

export function createSharedRate(
  database: Database,
  taskQueue: string,
  limits: RateLimits,
): SharedRate {
  return {
    async tell(event) {
      for (;;) {
        const { state, nowMs } = await read();
        const next = nextRate(state, event, nowMs, limits);
        if (next.perSecond === state.perSecond && next.changedAtMs === state.changedAtMs) {
          return next.perSecond;
        }
        if (await replace(state, next)) return next.perSecond;
      }
    },
    async turn(signal) {
      const waitMs = (await take()) ?? (await read().then(take)) ?? 0;
      if (waitMs > 0) await sleep(waitMs, undefined, signal === undefined ? {} : { signal });
    },
  };

  /** Takes the next turn; how long it is until then, undefined where there is no row yet. */
  async function take(): Promise<number | undefined> {
    const rows = await database.query<{ wait_ms: number }>(
      `update elocute.speech_rate
       set next_call_at = greatest(next_call_at, now()) + make_interval(secs => 1 / per_second)
       where task_queue = $1
       returning extract(epoch from next_call_at - now())::float8 * 1000
         - 1000 / per_second as wait_ms`,
      [taskQueue],
    );
    return rows[0]?.wait_ms;
  }

  async function read(): Promise<{ state: RateState; nowMs: number }> {
    for (;;) {
      const [row] = await database.query<Row>(
        `select per_second,
           extract(epoch from lowered_at)::float8 * 1000 as lowered_at_ms,
           extract(epoch from changed_at)::float8 * 1000 as changed_at_ms,
           extract(epoch from now())::float8 * 1000 as now_ms
         from elocute.speech_rate where task_queue = $1`,
        [taskQueue],
      );
      if (row !== undefined) {
        const state = {
          perSecond: row.per_second,
          loweredAtMs: row.lowered_at_ms,
          changedAtMs: row.changed_at_ms,
        };
        return { state, nowMs: row.now_ms };
      }
      await database.query(
        `insert into elocute.speech_rate (task_queue, per_second) values ($1, $2)
         on conflict (task_queue) do nothing`,
        [taskQueue, limits.most],
      );
    }
  }

  /** False where somebody else was faster: then the rate is judged anew. */
  async function replace(old: RateState, next: RateState): Promise<boolean> {
    const lowered = next.loweredAtMs !== old.loweredAtMs;
    const rows = await database.query(
      `update elocute.speech_rate
       set per_second = $3, changed_at = now(),
         lowered_at = case when $4 then now() else lowered_at end
       where task_queue = $1 and per_second = $2
         and extract(epoch from changed_at)::float8 * 1000 = $5
       returning task_queue`,
      [taskQueue, old.perSecond, next.perSecond, lowered, old.changedAtMs],
    );
    return rows.length === 1;
  }
}
