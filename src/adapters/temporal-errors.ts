/** Temporal's errors as ours. */
import { ElocuteError } from '../failures.ts';

/** The client wraps the server's error, which alone has the code. */
export function grpcCodeOf(error: unknown): number | null {
  for (let current = error; current instanceof Error; current = current.cause) {
    const { code } = current as { code?: unknown };
    if (typeof code === 'number') return code;
  }
  return null;
}

export function translateTemporalError(error: unknown): ElocuteError {
  const code = grpcCodeOf(error);
  const why = code === null ? (error instanceof Error ? error.name : 'Error') : `gRPC ${code}`;
  return new ElocuteError('TEMPORAL_UNAVAILABLE', `Temporal refused a call (${why})`, {
    cause: error,
  });
}
