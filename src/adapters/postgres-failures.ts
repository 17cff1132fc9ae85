/** PostgreSQL's errors as catalogue failures, without the values that its messages quote. */
import { ElocuteError } from '../failures.ts';

/** What an error report names. Its message and detail may hold values, which are personal data. */
export interface SqlState {
  state: string;
  table: string | null;
  column: string | null;
  constraint: string | null;
  /** Number of the statement's parameter that could not be read as its column's type. */
  parameter: number | null;
}

/** Null where the error did not come from PostgreSQL itself: a connection that broke, a bug. */
export function sqlStateOf(error: unknown): SqlState | null {
  if (!(error instanceof Error)) return null;
  const fields = error as Error & Record<string, unknown>;
  const state = fields['code'];
  if (typeof state !== 'string' || !/^[0-9A-Z]{5}$/.test(state)) return null;
  const name = (field: string) => {
    const value = fields[field];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const parameter = /parameter \$(\d+)/.exec(name('where') ?? '')?.[1];
  return {
    state,
    table: name('table'),
    // "column … does not exist" quotes a name, never a value, and says it in its message alone.
    column: name('column') ?? (state === '42703' ? quotedName(error.message) : null),
    constraint: name('constraint'),
    parameter: parameter === undefined ? null : Number(parameter),
  };
}

function quotedName(message: string): string | null {
  return /column "([^"]+)"/.exec(message)?.[1] ?? null;
}

/** `SQLSTATE 23503, table "t", constraint "c"`. */
export function describeSqlState({ state, table, column, constraint }: SqlState): string {
  const named = Object.entries({ table, column, constraint }).flatMap(([kind, name]) =>
    name === null ? [] : [`${kind} "${name}"`],
  );
  return [`SQLSTATE ${state}`, ...named].join(', ');
}

/**
 * SQLSTATE classes that pass by themselves: 08 connection, 40 rollback (deadlock), 53 resources,
 * 57 operator intervention (restart, statement timeout), 55P03 lock not available, 58 system.
 * Source: PostgreSQL documentation, Appendix A.
 */
const TRANSIENT_STATES = /^(08|40|53|57|58)|^55P03$/;

export function translateDatabaseError(error: unknown): ElocuteError {
  const sql = sqlStateOf(error);
  if (sql === null) {
    const { message, code } = error as { message?: unknown; code?: unknown };
    // A failure on all addresses of a host has a code and no message.
    const why = typeof message === 'string' && message !== '' ? message : String(code ?? error);
    return new ElocuteError('DATABASE_UNAVAILABLE', `PostgreSQL is not available: ${why}`, {
      cause: error,
    });
  }
  // Not the error itself as the cause: Temporal would keep its message in the history.
  return TRANSIENT_STATES.test(sql.state)
    ? new ElocuteError('DATABASE_UNAVAILABLE', `PostgreSQL is busy (${describeSqlState(sql)})`)
    : new ElocuteError('DATABASE_REJECTED', `PostgreSQL refused (${describeSqlState(sql)})`);
}
