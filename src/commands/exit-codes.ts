/** How a command ends: its exit code and its last words. */
import { ConfigError } from '../config.ts';
import { ElocuteError, failureOf, type FailureCode } from '../failures.ts';
import { LocalStackError } from '../local/local-stack-error.ts';

export const EXIT = { ok: 0, failed: 1, usage: 2, unavailable: 3, interrupted: 130 } as const;

/** An argument that cannot be used; the message says what to give instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The command was told to stop. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** Something that the command needs is missing or does not answer. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** These say already what to do. */
const OURS = [UsageError, ConfigError, InterruptedError, UnavailableError];

/** Runs `ask`; where it fails, says what did not answer, where, why, and what to do. */
export async function needing<T>(what: string, advice: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (OURS.some((kind) => error instanceof kind)) throw error;
    throw new UnavailableError(`${what} does not answer (${reasonOf(error)}). ${advice}`, {
      cause: error,
    });
  }
}

/** `fetch failed` and its like hide the reason in their cause. */
function reasonOf(error: unknown): string {
  const reasons: string[] = [];
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    const parts = current instanceof AggregateError ? current.errors.map(String) : [];
    reasons.push(
      current.message || parts.join(', ') || (typeof code === 'string' ? code : current.name),
    );
  }
  return [...new Set(reasons)].join(': ') || String(error);
}

const UNAVAILABLE: readonly FailureCode[] = [
  'TEMPORAL_UNAVAILABLE',
  'DATABASE_UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
  'STORAGE_DENIED',
  'SPEECH_UNAVAILABLE',
  'SPEECH_DENIED',
  'NOTIFY_UNAVAILABLE',
];

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof ConfigError) return EXIT.usage;
  if (error instanceof InterruptedError) return EXIT.interrupted;
  if (error instanceof UnavailableError || error instanceof LocalStackError) {
    return EXIT.unavailable;
  }
  if (error instanceof ElocuteError && UNAVAILABLE.includes(error.code)) return EXIT.unavailable;
  return EXIT.failed;
}

/** What happened and what to do; the stack only where it was asked for. */
export function explain(error: unknown, verbose: boolean): string {
  if (!(error instanceof Error)) return String(error);
  const what =
    error instanceof ElocuteError
      ? `${error.code}: ${error.message}\n${failureOf(error.code).operator}`
      : error.message;
  return verbose ? `${what}\n${error.stack ?? ''}` : what;
}
