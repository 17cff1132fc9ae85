/** What stops all uploads from being started, as against what is wrong with one of them. */
import { ElocuteError } from '../failures.ts';
import { statusOf } from './s3.ts';
import { refusesEveryStart } from './temporal.ts';

/**
 * True where Temporal or S3 is down, overloaded, or Temporal closed to us: every start fails, and
 * waiting helps. S3 is asked about one object, where an event leaves out which version it is: what S3
 * refuses about that one (no access, its encryption) says nothing of the others.
 */
export function isStartOutage(error: unknown): boolean {
  if (error instanceof ElocuteError) {
    return error.code === 'STORAGE_UNAVAILABLE' && !isRefusedAlone(statusOf(error.cause));
  }
  if (error instanceof Error && error.name === 'TimeoutError') return true;
  return refusesEveryStart(error);
}

/** 408 and 429 are the store's, whatever object is asked for. */
function isRefusedAlone(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}
