/** Failed scorings: listed and counted by code, lesson and time. */
import type { FinalStatus } from '../contract.ts';
import type {
  FailedFilter,
  FailedScorings,
  ReplayableScoring,
  RunOutcome,
} from '../operate/failed-scorings.ts';
import type { Database } from './postgres.ts';
import {
  addLesson,
  BY_GIVEN_ID,
  conditionsWith,
  givenIdValues,
  lessonOf,
  objectOf,
  type ScoringColumns,
} from './scoring-columns.ts';

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
      const rows = await database.query<Row>(
        `select ${COLUMNS} from elocute.scoring where ${BY_GIVEN_ID} limit 2`,
        givenIdValues(id),
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
  const conditions = conditionsWith(`status = 'failed'`);
  const { add, where, values } = conditions;
  add('failure_code = any(?)', filter.codes);
  addLesson(conditions, filter);
  add('finished_at >= ?', filter.since);
  add('finished_at < ?', filter.until);
  return { where: where(), values };
}

interface Row extends ScoringColumns {
  id: string;
  workflow_id: string;
  run_id: string;
  status: FinalStatus;
  failure_code: string | null;
  attempts: number;
  finished_at: Date;
  sequencer: string | null;
  user_id: string;
}

function scoringOf(row: Row): ReplayableScoring {
  const lesson = lessonOf(row);
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
      upload: { ...objectOf(row), sequencer: row.sequencer },
      userId: row.user_id,
      lesson,
    },
  };
}
