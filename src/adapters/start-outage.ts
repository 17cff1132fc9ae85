/** What stops all uploads from being started, as against what is wrong with one of them. */
import { ElocuteError, type FailureCode } from '../failures.ts';
import { refusesEveryStart } from './temporal.ts';

/** S3 is asked where an event leaves out which version it is about. */
const STORAGE: readonly FailureCode[] = ['STORAGE_UNAVAILABLE', 'STORAGE_DENIED'];

/** True where Temporal or S3 is down, overloaded or closed to us: every start fails, and waiting helps. */
export function isStartOutage(error: unknown): boolean {
  if (error instanceof ElocuteError) return STORAGE.includes(error.code);
  if (error instanceof Error && error.name === 'TimeoutError') return true;
  return refusesEveryStart(error);
}
