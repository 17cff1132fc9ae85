/** Rows of `elocute.scoring` for whoever looks: one by its id, or a page of many. */
import type { FinalStatus } from '../contract.ts';
import type { Visibility } from '../web/principal.ts';
import type {
  ScoringFilter,
  ScoringOrder,
  ScoringPosition,
  ScoringReader,
  ScoringRow,
  StoredResult,
} from '../web/web-ports.ts';
import type { Database } from './postgres.ts';
import {
  addLesson,
  conditionsWith,
  lessonOf,
  objectOf,
  type ScoringColumns,
} from './scoring-columns.ts';

/** Microseconds, as PostgreSQL keeps them: a page must not end between two rows of one millisecond. */
const EXACT = `to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const COLUMNS = `id, workflow_id, run_id, user_id, bucket, object_key, version_id, etag, content_type,
  level, title, line, sentence, status, attempt_kind, failure_code, failure_message, result,
  application_row_id, attempts, finished_at, ${EXACT} as created_exactly`;

export function createScoringReader(database: Database): ScoringReader {
  return {
    async find(id) {
      const column = id.startsWith('score-') ? 'workflow_id' : 'id';
      const [row] = await database.query<Row>(
        `select ${COLUMNS} from elocute.scoring where ${column} = $1 limit 1`,
        [id],
      );
      return row === undefined ? null : scoringOf(row);
    },
    async list(filter, visible, below, limit, order = 'latest') {
      const { where, values } = conditionsOf(filter, visible, below, order);
      const rows = await database.query<Row>(
        `select ${COLUMNS} from elocute.scoring where ${where}
         order by ${ORDERS[order].by} limit $${values.length + 1}`,
        [...values, limit],
      );
      return rows.map(scoringOf);
    },
  };
}

interface Order {
  by: string;
  after: string;
  only?: string;
}

/** In each order `id` decides between equals; what has no such score stands in no order of it. */
const ORDERS: Record<ScoringOrder, Order> = {
  latest: { by: 'created_at desc, id desc', after: '(created_at, id) < (?::timestamptz, ?)' },
  oldest: { by: 'created_at, id', after: '(created_at, id) > (?::timestamptz, ?)' },
  highest: highestBy('overall'),
  lowest: lowestBy('overall'),
  highestAccuracy: highestBy('accuracy'),
  lowestAccuracy: lowestBy('accuracy'),
  highestFluency: highestBy('fluency'),
  lowestFluency: lowestBy('fluency'),
  highestProsody: highestBy('prosody'),
  lowestProsody: lowestBy('prosody'),
};

/** As the indexes of the migrations 0011 and 0012 have it. */
function highestBy(score: string): Order {
  const points = `(result ->> '${score}')::double precision`;
  return {
    by: `${points} desc, id desc`,
    after: `(${points}, id) < (?::double precision, ?)`,
    only: `result ->> '${score}' is not null`,
  };
}

function lowestBy(score: string): Order {
  const points = `(result ->> '${score}')::double precision`;
  return {
    by: `${points}, id`,
    after: `(${points}, id) > (?::double precision, ?)`,
    only: `result ->> '${score}' is not null`,
  };
}

/** `where` and its values, for whoever asks about the scorings that somebody may see. */
export function conditionsOf(
  filter: ScoringFilter,
  visible: Visibility,
  below: ScoringPosition | null = null,
  order: ScoringOrder = 'latest',
) {
  const { after, only } = ORDERS[order];
  const conditions = conditionsWith(...(only === undefined ? [] : [only]));
  const { add, where, values } = conditions;
  add('user_id = any(?)', visible.users);
  add(`content_type || '/' || level || '/' || title = any(?)`, visible.lessons);
  addLesson(conditions, filter);
  // No pattern: `%` and `_` are letters like others.
  add('strpos(lower(title), lower(?)) > 0', filter.search);
  add('user_id = ?', filter.userId);
  add('user_id = any(?)', filter.users);
  add('status = ?', filter.status);
  add('failure_code = ?', filter.code);
  add('created_at >= ?::timestamptz', filter.since);
  add('created_at < ?::timestamptz', filter.until);
  add(after, below?.value, below?.id);
  return { where: where(), values };
}

interface Row extends ScoringColumns {
  id: string;
  workflow_id: string;
  run_id: string;
  user_id: string;
  sentence: string | null;
  status: FinalStatus;
  attempt_kind: string | null;
  failure_code: string | null;
  failure_message: string | null;
  result: StoredResult | null;
  application_row_id: string | null;
  attempts: number;
  finished_at: Date;
  created_exactly: string;
}

function scoringOf(row: Row): ScoringRow {
  return {
    id: row.id,
    workflowId: row.workflow_id,
    runId: row.run_id,
    userId: row.user_id,
    object: objectOf(row),
    lesson: lessonOf(row),
    sentence: row.sentence,
    status: row.status,
    attemptKind: row.attempt_kind,
    failureCode: row.failure_code,
    failureMessage: row.failure_message,
    result: row.result,
    applicationRowId: row.application_row_id,
    attempts: row.attempts,
    createdAt: row.created_exactly,
    finishedAt: row.finished_at.toISOString(),
  };
}
