/** PostgreSQL: pool and transactions. */
import pg from 'pg';
import { ElocuteError } from '../failures.ts';
import { translateDatabaseError } from './postgres-failures.ts';

export interface Database {
  query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  /** Commits what `run` did, or nothing of it. */
  transaction<T>(run: (query: Database['query']) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseAddress {
  connectionString: string;
  poolSize: number;
  /** Default: `ANSWER_TIMEOUT_MS`. */
  answerTimeoutMs?: number;
}

/** How long to wait for a connection: an outage must become a retry, not a hanging activity. */
const CONNECT_TIMEOUT_MS = 5000;
/** No statement of ours takes a second; a lock that is held longer is a fault. */
const STATEMENT_TIMEOUT_MS = 20_000;
/**
 * The server ends a statement itself; half as long again without a word, and nobody is there any more (a
 * machine that vanished, a firewall that forgot the connection). Without it the kernel would keep the
 * connection, and a place in the pool, for about fifteen minutes. Migrations have a client of their own.
 */
const ANSWER_TIMEOUT_MS = 30_000;
/** Connections that idle are looked after too, before a firewall forgets them. */
const KEEP_ALIVE_AFTER_MS = 10_000;

export function openDatabase({
  connectionString,
  poolSize,
  answerTimeoutMs = ANSWER_TIMEOUT_MS,
}: DatabaseAddress): Database {
  const pool = new pg.Pool({
    connectionString,
    max: poolSize,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
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
  // A connection that breaks between two statements would end the process; the next one tells us.
  const lost = (error: Error) => (broken = error);
  client.on('error', lost);
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
    client.off('error', lost);
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
