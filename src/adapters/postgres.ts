/** PostgreSQL: pool, transactions, and its errors as catalogue failures. */
import pg from 'pg';
import { ElocuteError } from '../failures.ts';

export interface Database {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Commits what `run` did, or nothing of it. */
  transaction<T>(run: (query: Database['query']) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseAddress {
  connectionString: string;
  poolSize: number;
}

/** How long to wait for a connection: an outage must become a retry, not a hanging activity. */
const CONNECT_TIMEOUT_MS = 5000;
/** No statement of ours takes a second; a lock that is held longer is a fault. */
const STATEMENT_TIMEOUT_MS = 20_000;

export function openDatabase({ connectionString, poolSize }: DatabaseAddress): Database {
  const pool = new pg.Pool({
    connectionString,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'elocute',
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  return {
    query: (text, values) => translated(() => rowsOf(pool, text, values)),
    transaction: (run) => translated(() => inTransaction(pool, run)),
    close: () => pool.end(),
  };
}

async function rowsOf<Row extends pg.QueryResultRow>(
  queryable: pg.Pool | pg.PoolClient,
  text: string,
  values: unknown[] | undefined,
): Promise<Row[]> {
  return (await queryable.query<Row>(text, values)).rows;
}

async function inTransaction<T>(
  pool: pg.Pool,
  run: (query: Database['query']) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await run((text, values) => rowsOf(client, text, values));
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: unknown) => {
      broken = cause instanceof Error ? cause : new Error(String(cause));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

async function translated<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof ElocuteError ? error : translateDatabaseError(error);
  }
}

/**
 * SQLSTATE classes that pass by themselves: 08 connection, 40 rollback (deadlock), 53 resources,
 * 57 operator intervention (restart, statement timeout), 55P03 lock not available, 58 system.
 * Source: PostgreSQL documentation, Appendix A.
 */
const TRANSIENT_STATES = /^(08|40|53|57|58)|^55P03$/;

export function translateDatabaseError(error: unknown): ElocuteError {
  const code = (error as { code?: unknown } | null)?.code;
  const state = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
  const rejected = state !== null && !TRANSIENT_STATES.test(state);
  const message = error instanceof Error ? error.message : String(error);
  const described = rejected
    ? `PostgreSQL refused the statement (${state}): ${message}`
    : `PostgreSQL is not available: ${message === '' ? String(code) : message}`;
  return new ElocuteError(rejected ? 'DATABASE_REJECTED' : 'DATABASE_UNAVAILABLE', described, {
    cause: error,
  });
}
