/** Schema migrations, and the checks that a database is ready for a worker. */
import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import { APPLICATION_COLUMNS, APPLICATION_TABLE } from './application-row.ts';
import { openDatabase, type Database } from './postgres.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
/** With our tables: the schema `public` belongs to Django. */
const MIGRATION_TABLE = { schema: 'elocute', name: 'migration' };

/** Brings the schema `elocute` up to date; returns the names of what was applied. */
export async function migrate(databaseUrl: string): Promise<string[]> {
  await adoptOlderTable(databaseUrl);
  const applied = await runner({
    databaseUrl,
    dir: MIGRATIONS,
    migrationsSchema: MIGRATION_TABLE.schema,
    createMigrationsSchema: true,
    migrationsTable: MIGRATION_TABLE.name,
    direction: 'up',
    count: Infinity,
    // A second runner waits for the first instead of failing.
    advisoryLockMode: 'wait',
    log: () => undefined,
  });
  return applied.map(({ name }) => name);
}

/** Until the second migration the table stood in `public`; without it all would be applied anew. */
async function adoptOlderTable(databaseUrl: string): Promise<void> {
  const database = openDatabase({ connectionString: databaseUrl, poolSize: 1 });
  const { schema, name } = MIGRATION_TABLE;
  try {
    await database.query(`do $$ begin
      if to_regclass('public.elocute_migrations') is not null
          and to_regclass('elocute.scoring') is not null then
        alter table public.elocute_migrations set schema ${schema};
        alter table ${schema}.elocute_migrations rename to ${name};
      end if;
    end $$`);
  } finally {
    await database.close();
  }
}

/** What is missing before a worker can write, each with what to do; empty when all is well. */
export async function databaseProblems(database: Database): Promise<string[]> {
  const problems: string[] = [];
  const pending = await pendingMigrations(database);
  if (pending.length > 0) {
    problems.push(`not applied: ${pending.join(', ')}: run \`elocute migrate\``);
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

async function pendingMigrations(database: Database): Promise<string[]> {
  const table = `${MIGRATION_TABLE.schema}.${MIGRATION_TABLE.name}`;
  const all = readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => parse(file).name);
  const [found] = await database.query<{ table: string | null }>(
    'select to_regclass($1)::text as table',
    [table],
  );
  if (found?.table == null) return all;
  const rows = await database.query<{ name: string }>(`select name from ${table}`);
  const applied = new Set(rows.map(({ name }) => name));
  return all.filter((name) => !applied.has(name));
}
