/** The row that the Django application reads: `app_userpronunciation`, whose schema it owns. */
import { ElocuteError } from '../failures.ts';
import { describeSqlState, sqlStateOf } from './postgres-failures.ts';
import type { Database } from './postgres.ts';

export const APPLICATION_TABLE = 'app_userpronunciation';

export interface ApplicationRow {
  user_id: string;
  content_type_id: string | null;
  object_id: string | null;
  audio_file: string;
  pitch_similarity: number | null;
  rhythm_similarity: number | null;
  speed_ratio: number | null;
  pause_similarity: number | null;
  mispronounced_words: string;
  mispronounced_ratio: number | null;
  feedback: string;
  status: 'completed' | 'failed';
}

export const APPLICATION_COLUMNS = [
  'id',
  'user_id',
  'content_type_id',
  'object_id',
  'audio_file',
  'pitch_similarity',
  'rhythm_similarity',
  'speed_ratio',
  'pause_similarity',
  'mispronounced_words',
  'mispronounced_ratio',
  'feedback',
  'status',
  'created_at',
] as const;

/** Columns that Django filled when it made the row; a null of ours must not erase them. */
const OWNED_BY_APPLICATION = new Set(['user_id', 'content_type_id', 'object_id']);

/** What a scoring writes into a row, and what moves with it to another row. */
const OUTCOME_COLUMNS = [
  'pitch_similarity',
  'rhythm_similarity',
  'speed_ratio',
  'pause_similarity',
  'mispronounced_words',
  'mispronounced_ratio',
  'feedback',
  'status',
] as const satisfies readonly (keyof ApplicationRow)[];

/** Rows that the application made for a recording and that no outcome has reached yet. */
const WAITING = `audio_file = $1 and (status is null or status not in ('completed', 'failed'))`;

/**
 * Writes the row in place of `id`, or as a new one where that is null or the application has deleted
 * it; returns its id. All functions here: call within a transaction that holds the lock of the key.
 * @throws ApplicationRowRefused where the table cannot take the row as it is
 */
export async function writeApplicationRow(
  query: Database['query'],
  row: ApplicationRow,
  id: string | null,
): Promise<string> {
  const updated = id === null ? null : await update(query, row, id);
  return updated ?? insert(query, row);
}

/**
 * Django's foreign keys are checked at commit, where nobody could answer any more: checks them now.
 * @throws ApplicationRowRefused where a row written before breaks one
 */
export async function checkApplicationRows(query: Database['query']): Promise<void> {
  await idsOf(query, 'set constraints all immediate', []);
}

/** Ends a waiting row, or an older outcome, without a score. Null where the row is gone. */
export async function closeApplicationRow(
  query: Database['query'],
  id: string,
  feedback: string,
): Promise<string | null> {
  const figures = OUTCOME_COLUMNS.slice(0, 4).map((column) => `${column} = null`);
  const rows = await idsOf(
    query,
    `update ${APPLICATION_TABLE} set ${figures.join(', ')}, mispronounced_words = '[]',
       mispronounced_ratio = null, feedback = $2, status = 'failed'
     where id = $1 returning id::text`,
    [
      ['id', id],
      ['feedback', feedback],
    ],
  );
  return rows[0]?.id ?? null;
}

/** Ordered by the column itself: "id" alone would mean the text that is returned. */
export async function newestWaitingRow(
  query: Database['query'],
  audioFile: string,
): Promise<string | null> {
  const rows = await idsOf(
    query,
    `select id::text from ${APPLICATION_TABLE} where ${WAITING}
     order by ${APPLICATION_TABLE}.id desc limit 1 for update`,
    [['audio_file', audioFile]],
  );
  return rows[0]?.id ?? null;
}

/** Writes the row that this scoring wrote before; one that the application deleted stays deleted. */
export async function rewriteApplicationRow(
  query: Database['query'],
  row: ApplicationRow,
  id: string,
): Promise<void> {
  await update(query, row, id);
}

/** The oldest waiting row that the application made before the row `id`. */
export async function oldestWaitingRowBefore(
  query: Database['query'],
  audioFile: string,
  id: string,
): Promise<string | null> {
  const rows = await idsOf(
    query,
    `select id::text from ${APPLICATION_TABLE} where ${WAITING} and id < $2
     order by ${APPLICATION_TABLE}.id limit 1 for update`,
    [
      ['audio_file', audioFile],
      ['id', id],
    ],
  );
  return rows[0]?.id ?? null;
}

/** Copies an outcome into another row. False where one of the two is gone. */
export async function moveOutcome(
  query: Database['query'],
  from: string,
  to: string,
): Promise<boolean> {
  const assignments = OUTCOME_COLUMNS.map((column) => `${column} = source.${column}`);
  const rows = await idsOf(
    query,
    `update ${APPLICATION_TABLE} target set ${assignments.join(', ')}
     from ${APPLICATION_TABLE} source
     where source.id = $1 and target.id = $2 returning target.id::text as id`,
    [
      ['id', from],
      ['id', to],
    ],
  );
  return rows.length > 0;
}

async function update(
  query: Database['query'],
  row: ApplicationRow,
  id: string,
): Promise<string | null> {
  const entries: [string, unknown][] = Object.entries(row);
  const assignments = entries.map(([column], index) => {
    const value = `$${index + 2}`;
    return OWNED_BY_APPLICATION.has(column)
      ? `${column} = coalesce(${column}, ${value})`
      : `${column} = ${value}`;
  });
  const rows = await idsOf(
    query,
    `update ${APPLICATION_TABLE} set ${assignments.join(', ')} where id = $1 returning id::text`,
    [['id', id], ...entries],
  );
  return rows[0]?.id ?? null;
}

async function insert(query: Database['query'], row: ApplicationRow): Promise<string> {
  const entries: [string, unknown][] = Object.entries(row);
  const columns = entries.map(([column]) => column);
  const values = columns.map((_, index) => `$${index + 1}`);
  const rows = await idsOf(
    query,
    `insert into ${APPLICATION_TABLE} (${columns.join(', ')}, created_at)
     values (${values.join(', ')}, now()) returning id::text`,
    entries,
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('the insert returned no row');
  return id;
}

/** The table's schema or its constraints do not take this row, and will not until one is changed. */
export class ApplicationRowRefused extends ElocuteError {
  constructor(reason: string) {
    super('DATABASE_REJECTED', `${APPLICATION_TABLE} refused the row (${reason})`);
  }
}

/** SQLSTATE classes 22 data exception, 23 constraint violation, 42 unknown name or missing grant. */
const REFUSALS = /^(22|23|42)/;

/** Runs a statement whose n-th parameter stands for the n-th entry's column. */
async function idsOf(
  query: Database['query'],
  statement: string,
  entries: [column: string, value: unknown][],
): Promise<{ id: string }[]> {
  try {
    return await query<{ id: string }>(
      statement,
      entries.map(([, value]) => value),
    );
  } catch (error) {
    const sql = sqlStateOf(error);
    if (sql === null || !REFUSALS.test(sql.state)) throw error;
    const column = sql.column ?? entries[(sql.parameter ?? 0) - 1]?.[0] ?? null;
    throw new ApplicationRowRefused(describeSqlState({ ...sql, table: null, column }));
  }
}
