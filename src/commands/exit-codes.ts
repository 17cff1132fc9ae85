/** How a command ends: its exit code and its last words. */
import { ConfigError } from '../config.ts';
import { ElocuteError, failureOf, type FailureCode } from '../failures.ts';

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

const UNAVAILABLE: readonly FailureCode[] = [
  'DATABASE_UNAVAILABLE',
  'STORAGE_UNAVAILABLE',
  'STORAGE_DENIED',
  'SPEECH_UNAVAILABLE',
  'SPEECH_DENIED',
];

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError || error instanceof ConfigError) return EXIT.usage;
  if (error instanceof InterruptedError) return EXIT.interrupted;
  if (error instanceof UnavailableError) return EXIT.unavailable;
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
