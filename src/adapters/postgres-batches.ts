/** Batches and their items: `elocute.batch` and `elocute.batch_item`. */
import type { BatchLedger } from '../activities/batch-ports.ts';
import type {
  BatchCounts,
  BatchItem,
  BatchItemState,
  BatchPhase,
  RescoredFigures,
} from '../batches/batch.ts';
import { isFailureCode, type FailureCode } from '../failures.ts';
import type { Database } from './postgres.ts';

const MESSAGE_LIMIT = 500;

/** In the second phase only what the plan found to be written counts. */
const OF_PHASE: Record<BatchPhase, string> = { plan: 'true', write: 'after is not null' };
const TO_DO: Record<BatchPhase, string> = { plan: 'true', write: `state = 'changed'` };

export function createBatchLedger(database: Database): BatchLedger {
  return {
    async open(batch, target, total) {
      await database.query(
        `insert into elocute.batch (id, workflow_id, source, reason, requested_by, dry_run,
           formula_version, model_version, total)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (id) do nothing`,
        [
          batch.batchId,
          batch.workflowId,
          JSON.stringify(batch.source),
          batch.reason,
          batch.requestedBy,
          batch.dryRun,
          target.formula,
          target.model,
          total,
        ],
      );
    },
    async add(batchId, firstPosition, scoringIds) {
      await database.query(
        `insert into elocute.batch_item (batch_id, position, scoring_id)
         select $1, $2::int + place - 1, id
         from unnest($3::text[]) with ordinality as given (id, place)
         on conflict do nothing`,
        [batchId, firstPosition, scoringIds],
      );
    },
    async positions({ batchId, phase, from, to, limit }) {
      const rows = await database.query<{ position: number }>(
        `select position from elocute.batch_item
         where batch_id = $1 and position >= $2 and ($3::int is null or position < $3)
           and ${TO_DO[phase]}
         order by position limit $4`,
        [batchId, from, to, limit],
      );
      return rows.map(({ position }) => position);
    },
    async items(batchId, first, last) {
      const rows = await database.query<ItemRow>(
        `select item.*, scoring.content_type, scoring.level, scoring.title, scoring.line
         from elocute.batch_item item left join elocute.scoring scoring on scoring.id = scoring_id
         where batch_id = $1 and position between $2 and $3 order by position`,
        [batchId, first, last],
      );
      return rows.map((row) => itemOf(row));
    },
    async planned(item, outcome) {
      await database.query(
        `update elocute.batch_item set state = $3, before = $4, after = $5, move = $6
         where batch_id = $1 and position = $2 and state = 'waiting'`,
        [
          item.batchId,
          item.position,
          outcome.state,
          JSON.stringify(outcome.before),
          JSON.stringify(outcome.after),
          outcome.state === 'changed' ? outcome.move : 0,
        ],
      );
    },
    async failed(item, code, message) {
      await database.query(
        `update elocute.batch_item set state = 'failed', failure_code = $3, failure_message = $4
         where batch_id = $1 and position = $2 and state in ('waiting', 'changed')`,
        [item.batchId, item.position, code, message.slice(0, MESSAGE_LIMIT)],
      );
    },
    async outcome(batchId, phase, first, last) {
      const rows = await database.query<{ state: BatchItemState; code: string | null; n: number }>(
        `select state, failure_code as code, count(*)::int as n from elocute.batch_item
         where batch_id = $1 and position between $2 and $3 and ${OF_PHASE[phase]}
         group by state, failure_code`,
        [batchId, first, last],
      );
      const counts: BatchCounts = { unchanged: 0, changed: 0, written: 0, failed: 0 };
      const failureCodes: Partial<Record<FailureCode, number>> = {};
      for (const { state, code, n } of rows) {
        if (state !== 'waiting') counts[state] += n;
        if (isFailureCode(code)) failureCodes[code] = (failureCodes[code] ?? 0) + n;
      }
      return { counts, failureCodes };
    },
    async judge(batchId, maxMove) {
      const [row] = await database.query<{ changed: number; far: number; largest: number }>(
        `select count(*)::int as changed, count(*) filter (where move > $2)::int as far,
           coalesce(max(move), 0) as largest
         from elocute.batch_item where batch_id = $1 and state = 'changed'`,
        [batchId, maxMove],
      );
      const { changed, far, largest } = row ?? { changed: 0, far: 0, largest: 0 };
      return { changed, movedTooFar: far, largestMove: largest };
    },
    async isOpen(batchId) {
      const rows = await database.query('select id from elocute.batch where id = $1', [batchId]);
      return rows.length === 1;
    },
    async close({ batchId, status, failureCode, counts }, report, results) {
      await database.query(
        `update elocute.batch set status = $2, failure_code = $3, counts = $4, report = $5,
           results = $6, ended_at = coalesce(ended_at, now()),
           total = case when $2 = 'completed'
             then (select count(*) from elocute.batch_item where batch_id = $1) else total end
         where id = $1`,
        [batchId, status, failureCode, JSON.stringify(counts), JSON.stringify(report), results],
      );
    },
  };
}

interface ItemRow {
  [column: string]: unknown;
  batch_id: string;
  position: number;
  scoring_id: string;
  state: BatchItemState;
  failure_code: string | null;
  failure_message: string | null;
  before: RescoredFigures | null;
  after: RescoredFigures | null;
  move: number | null;
  content_type: string | null;
  level: number;
  title: string;
  line: number;
}

function itemOf(row: ItemRow): BatchItem {
  const { content_type: contentType, level, title, line } = row;
  return {
    batchId: row.batch_id,
    position: row.position,
    scoringId: row.scoring_id,
    state: row.state,
    failureCode: isFailureCode(row.failure_code) ? row.failure_code : null,
    failureMessage: row.failure_message,
    before: row.before,
    after: row.after,
    move: row.move,
    lesson: contentType === null ? null : { contentType, level, title, line },
  };
}
