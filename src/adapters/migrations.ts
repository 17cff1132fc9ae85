/** Schema migrations, and the checks that a database is ready for a worker. */
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { APPLICATION_COLUMNS, APPLICATION_TABLE } from './application-row.ts';
import type { Database } from './postgres.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const MIGRATION_TABLE = 'elocute_migrations';

/** Brings the schema `elocute` up to date; returns the names of what was applied. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const applied = await runner({
    databaseUrl,
    dir: MIGRATIONS,
    migrationsTable: MIGRATION_TABLE,
    direction: 'up',
    count: Infinity,
    // A second runner waits for the first instead of failing.
    advisoryLockMode: 'wait',
    log: () => undefined,
  });
  return applied.map(({ name }) => name);
}

/** What is missing before a worker can write, each with what to do; empty when all is well. */
export async function databaseProblems(database: Database): Promise<string[]> {
  const problems: string[] = [];
  const [schema] = await database.query<{ first: string | null; newest: string | null }>(
    `select to_regclass('elocute.scoring')::text as first,
            to_regclass('elocute.standard_check')::text as newest`,
  );
  if (schema?.newest == null) {
    const state = schema?.first == null ? 'missing' : 'of an older version';
    problems.push(`the schema "elocute" is ${state}: run \`elocute migrate\``);
  }
  const rows = await database.query<{ column_name: string }>(
    `select attname as column_name from pg_attribute
     where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`,
    [APPLICATION_TABLE],
  );
  const present = new Set(rows.map((row) => row.column_name));
  if (present.size === 0) {
    problems.push(
      `the application's table ${APPLICATION_TABLE} is missing: run Django's migrations`,
    );
    return problems;
  }
  const missing = APPLICATION_COLUMNS.filter((column) => !present.has(column));
  if (missing.length > 0) {
    problems.push(
      `${APPLICATION_TABLE} lacks the column(s) ${missing.join(', ')}: add them in Django`,
    );
  }
  return problems;
}
