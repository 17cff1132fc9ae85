/** gRPC status codes of a speech service → the failure catalogue. */
import { status } from '@grpc/grpc-js';
import { ElocuteError, type FailureCode } from '../failures.ts';

const FAILURES = new Map<number, FailureCode>([
  // Passing trouble of the service or the way to it. CANCELLED reaches this table only when it was
  // not we who cancelled.
  [status.CANCELLED, 'SPEECH_UNAVAILABLE'],
  [status.UNKNOWN, 'SPEECH_UNAVAILABLE'],
  [status.DEADLINE_EXCEEDED, 'SPEECH_UNAVAILABLE'],
  [status.ABORTED, 'SPEECH_UNAVAILABLE'],
  [status.INTERNAL, 'SPEECH_UNAVAILABLE'],
  [status.UNAVAILABLE, 'SPEECH_UNAVAILABLE'],
  [status.RESOURCE_EXHAUSTED, 'SPEECH_QUOTA'],
  // This request will never pass.
  [status.INVALID_ARGUMENT, 'SPEECH_REJECTED'],
  [status.NOT_FOUND, 'SPEECH_REJECTED'],
  [status.FAILED_PRECONDITION, 'SPEECH_REJECTED'],
  [status.OUT_OF_RANGE, 'SPEECH_REJECTED'],
  [status.UNIMPLEMENTED, 'SPEECH_REJECTED'],
  // Configuration: every recording is hit.
  [status.PERMISSION_DENIED, 'SPEECH_DENIED'],
  [status.UNAUTHENTICATED, 'SPEECH_DENIED'],
]);

/**
 * The catalogue's error for what the client threw, which stays its cause. Without a known gRPC code
 * it counts as passing trouble. After a quota failure the next attempt waits `quotaDelayMs`.
 */
export function speechFailure(cause: unknown, quotaDelayMs: number): ElocuteError {
  const code = FAILURES.get(grpcCodeOf(cause) ?? status.UNKNOWN) ?? 'SPEECH_UNAVAILABLE';
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ElocuteError(code, `the speech service failed: ${reason}`, {
    cause,
    ...(code === 'SPEECH_QUOTA' ? { nextRetryDelayMs: quotaDelayMs } : {}),
  });
}

/** Without credentials no call is made and there is no gRPC code. */
export function credentialsFailure(cause: unknown): ElocuteError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ElocuteError('SPEECH_DENIED', `no credentials for the speech service: ${reason}`, {
    cause,
  });
}

function grpcCodeOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
