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

/**
 * Writes the row and returns its id. `knownId`: this scoring wrote it before. Otherwise a row of the
 * same recording that still waits (its status is neither completed nor failed) is updated, else one
 * is inserted. Call within a transaction that holds the lock of the key.
 * @throws ApplicationRowRefused where the table cannot take the row as it is
 */
export async function writeApplicationRow(
  query: Database['query'],
  row: ApplicationRow,
  knownId: string | null,
): Promise<string> {
  const id = knownId ?? (await findWaiting(query, row.audio_file));
  if (id !== null) {
    const updated = await update(query, row, id);
    if (updated !== null) return updated;
    // The application deleted its row; the score must not be lost with it.
  }
  return insert(query, row);
}

async function findWaiting(query: Database['query'], audioFile: string): Promise<string | null> {
  const rows = await idsOf(
    query,
    `select id::text from ${APPLICATION_TABLE}
     where audio_file = $1 and (status is null or status not in ('completed', 'failed'))
     order by id desc limit 1 for update`,
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
