/** Failed scorings: listed and counted by code, lesson and time. */
import type { FinalStatus } from '../contract.ts';
import type {
  FailedFilter,
  FailedScorings,
  ReplayableScoring,
  RunOutcome,
} from '../operate/failed-scorings.ts';
import type { Database } from './postgres.ts';

const COLUMNS = `id, workflow_id, run_id, status, failure_code, content_type, level, title, line,
  attempts, finished_at, bucket, object_key, version_id, etag, sequencer, user_id`;

export function createFailedScorings(database: Database): FailedScorings {
  return {
    async list(filter, limit) {
      const { where, values } = conditionsOf(filter);
      const rows = await database.query<Row>(
        `select ${COLUMNS} from elocute.scoring where ${where}
         order by finished_at desc, id limit $${values.length + 1}`,
        [...values, limit],
      );
      return rows.map(scoringOf);
    },
    async toReplay(filter, limit, except) {
      const { where, values } = conditionsOf(filter);
      // A replayed run that waits for a teacher leaves the row as it was, for weeks.
      const rows = await database.query<Row>(
        `select ${COLUMNS} from elocute.scoring
         where ${where} and failure_code <> all($${values.length + 1})
         order by exists (
           select from elocute.replay where scoring_id = elocute.scoring.id
             and outcome = 'started' and requested_at > finished_at
         ), finished_at, id limit $${values.length + 2}`,
        [...values, except, limit],
      );
      return rows.map(scoringOf);
    },
    async countByCode(filter) {
      const { where, values } = conditionsOf(filter);
      return database.query<{ code: string; count: number }>(
        `select failure_code as code, count(*)::int as count from elocute.scoring where ${where}
         group by 1 order by 2 desc, 1`,
        values,
      );
    },
    async find(id) {
      const prefix = /^[0-9a-f]{8,64}$/.test(id) ? `${id}%` : null;
      const rows = await database.query<Row>(
        `select ${COLUMNS} from elocute.scoring where workflow_id = $1 or id like $2 limit 2`,
        [id, prefix],
      );
      return rows.map(scoringOf);
    },
    async standing(ids) {
      return database.query<RunOutcome & Record<string, unknown>>(
        `select id as "scoringId", run_id as "runId", status, failure_code as code
         from elocute.scoring where id = any($1)
         union all
         select scoring_id, run_id, 'reviewing', null
         from elocute.review where scoring_id = any($1) and decision is null`,
        [ids],
      );
    },
  };
}

function conditionsOf(filter: FailedFilter) {
  const values: unknown[] = [];
  const conditions = [`status = 'failed'`];
  const add = (condition: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition.replace('?', `$${values.length}`));
  };
  add('failure_code = any(?)', filter.codes);
  add('content_type = ?', filter.contentType);
  add('level = ?', filter.level);
  add('title = ?', filter.title);
  add('line = ?', filter.line);
  add('finished_at >= ?', filter.since);
  add('finished_at < ?', filter.until);
  return { where: conditions.join(' and '), values };
}

interface Row {
  [column: string]: unknown;
  id: string;
  workflow_id: string;
  run_id: string;
  status: FinalStatus;
  failure_code: string | null;
  content_type: string;
  level: number;
  title: string;
  line: number;
  attempts: number;
  finished_at: Date;
  bucket: string;
  object_key: string;
  version_id: string | null;
  etag: string | null;
  sequencer: string | null;
  user_id: string;
}

function scoringOf(row: Row): ReplayableScoring {
  const { content_type: contentType, level, title, line } = row;
  const lesson = { contentType, level, title, line };
  return {
    scoringId: row.id,
    workflowId: row.workflow_id,
    runId: row.run_id,
    status: row.status,
    code: row.failure_code,
    lesson,
    attempts: row.attempts,
    finishedAt: row.finished_at.toISOString(),
    input: {
      scoringId: row.id,
      upload: {
        bucket: row.bucket,
        key: row.object_key,
        versionId: row.version_id,
        etag: row.etag,
        sequencer: row.sequencer,
      },
      userId: row.user_id,
      lesson,
    },
  };
}
