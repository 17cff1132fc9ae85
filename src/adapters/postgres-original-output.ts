/** What another system gave out, beside what is scored here: joined by key in a temporary table. */
import type { ScoringResult } from '../scoring/scoring-result.ts';
import type { Database } from './postgres.ts';

export interface OriginalRow<Output> {
  key: string;
  /** Of the file it was read from. */
  line: number;
  output: Output;
}

export interface JoinedOutput<Output> {
  scoringId: string;
  output: Output;
  result: ScoringResult;
}

/** Keys that were given and have no score to compare with, by why. */
export interface Unscored {
  /** `completed`: it has one, but not of the time that was asked for. */
  status: 'completed' | 'failed' | 'superseded' | 'unknown';
  code: string | null;
  count: number;
  /** The first lines. */
  lines: number[];
}

export interface OriginalOutput<Output> {
  /** A key that is given again replaces what was given before. */
  add(rows: readonly OriginalRow<Output>[]): Promise<void>;
  distinctKeys(): Promise<number>;
  joined(): AsyncGenerator<JoinedOutput<Output>[]>;
  unscored(most: number): Promise<Unscored[]>;
  /** Scored here, and not given. */
  onlyHere(most: number): Promise<{ count: number; scoringIds: string[] }>;
}

export interface ScoredHere {
  bucket: string;
  /** When the scoring ended, ISO 8601; absent: whenever. */
  since?: string;
  until?: string;
}

/** A result has about 10 KB. */
const PAGE = 500;

/** Calls `use` in one transaction, whose end removes everything; nothing of ours is written. */
export function withOriginalOutput<Output, T>(
  database: Database,
  { bucket, since, until }: ScoredHere,
  use: (store: OriginalOutput<Output>) => Promise<T>,
): Promise<T> {
  return database.transaction(async (query) => {
    await query(`create temporary table original_output (
      key text primary key, line integer not null, output jsonb not null) on commit drop`);
    // The latest version that counts; a learner may have uploaded the line again.
    const counts = `s.bucket = $1 and s.status = 'completed'
      and ($2::timestamptz is null or s.finished_at >= $2)
      and ($3::timestamptz is null or s.finished_at < $3)`;
    const values = [bucket, since ?? null, until ?? null];
    return use({
      async add(rows) {
        const latest = [...new Map(rows.map((row) => [row.key, row])).values()];
        await query(
          `insert into original_output select * from unnest($1::text[], $2::integer[], $3::jsonb[])
           on conflict (key) do update set line = excluded.line, output = excluded.output`,
          [
            latest.map(({ key }) => key),
            latest.map(({ line }) => line),
            latest.map(({ output }) => JSON.stringify(output)),
          ],
        );
      },
      async distinctKeys() {
        await query('analyze original_output');
        const [row] = await query<{ count: number }>(
          'select count(*)::int as count from original_output',
        );
        return row?.count ?? 0;
      },
      async *joined() {
        for (let after = ''; ;) {
          const rows = await query<{
            key: string;
            id: string | null;
            output: Output;
            result: ScoringResult;
          }>(
            `select o.key, o.output, scored.id, scored.result
             from (select * from original_output where key > $4 order by key limit ${PAGE}) o
             left join lateral (
               select s.id, s.result from elocute.scoring s
               where s.object_key = o.key and ${counts}
               order by s.finished_at desc, s.id limit 1
             ) scored on true
             order by o.key`,
            [...values, after],
          );
          yield rows.flatMap(({ id, output, result }) =>
            id === null ? [] : [{ scoringId: id, output, result }],
          );
          const last = rows.at(-1);
          if (last === undefined || rows.length < PAGE) return;
          after = last.key;
        }
      },
      unscored: (most) =>
        query<Record<string, unknown> & Unscored>(
          `select coalesce(other.status, 'unknown') as status, other.failure_code as code,
             count(*)::int as count, (array_agg(o.line order by o.line))[1:${most}] as lines
           from original_output o
           left join lateral (
             select s.status, s.failure_code from elocute.scoring s
             where s.object_key = o.key and s.bucket = $1
             order by s.finished_at desc limit 1
           ) other on true
           where not exists (
             select from elocute.scoring s where s.object_key = o.key and ${counts})
           group by 1, 2 order by 3 desc, 1, 2`,
          values,
        ),
      async onlyHere(most) {
        const missing = `from elocute.scoring s where ${counts}
          and not exists (select from original_output o where o.key = s.object_key)`;
        const [row] = await query<{ count: number }>(
          `select count(*)::int as count ${missing}`,
          values,
        );
        const some = await query<{ id: string }>(
          `select s.id ${missing} order by s.finished_at desc, s.id limit ${most}`,
          values,
        );
        return { count: row?.count ?? 0, scoringIds: some.map(({ id }) => id) };
      },
    });
  });
}
