/** The audit of replays, whose open entry is also the claim on a scoring. */
import { randomUUID } from 'node:crypto';
import type { ReplayLog } from '../operate/replay-ports.ts';
import type { Database } from './postgres.ts';

/** Longer than all calls of one replay may take: whoever left it open is gone. */
const OPEN_AT_MOST = '2 minutes';

export function createReplayLog(database: Database): ReplayLog {
  return {
    async open(scoring, { requestedBy, reason }) {
      await database.query(
        `update elocute.replay set outcome = 'unknown', ended_at = now(),
           note = 'whoever asked for it ended before the answer'
         where scoring_id = $1 and outcome is null and requested_at < now() - $2::interval`,
        [scoring.scoringId, OPEN_AT_MOST],
      );
      const [opened] = await database.query<{ id: string }>(
        `insert into elocute.replay
           (id, scoring_id, requested_by, reason, failure_code, workflow_id, old_run_id)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (scoring_id) where outcome is null do nothing returning id`,
        [
          randomUUID(),
          scoring.scoringId,
          requestedBy,
          reason,
          scoring.code,
          scoring.workflowId,
          scoring.runId,
        ],
      );
      return opened?.id ?? null;
    },
    async close(id, end) {
      const started = end.outcome === 'started' ? end : null;
      await database.query(
        `update elocute.replay set outcome = $2, note = $3, how = $4, step = $5,
           old_run_id = coalesce($6, old_run_id), new_run_id = $7, ended_at = now()
         where id = $1`,
        [
          id,
          end.outcome,
          end.outcome === 'started' ? null : end.note,
          started?.how ?? null,
          started?.step ?? null,
          started?.oldRunId ?? null,
          started?.newRunId ?? null,
        ],
      );
    },
  };
}
