/** From whatever ended a scoring to its catalogue code. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  TimeoutFailure,
} from '@temporalio/common';
import { isCancellation } from '@temporalio/workflow';
import { isFailureCode, type FailureCode } from '../failures.ts';

export interface DescribedFailure {
  code: FailureCode;
  message: string;
}

/** The last real reason wins: retries that ran out of time keep the code of what they retried. */
export function describeFailure(error: unknown): DescribedFailure {
  if (isCancellation(error)) {
    return { code: 'CANCELLED', message: 'the workflow was cancelled' };
  }
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof ApplicationFailure && isFailureCode(current.type)) {
      return { code: current.type, message: current.message };
    }
  }
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof TimeoutFailure) return { code: 'TIMED_OUT', message: current.message };
    if (current instanceof CancelledFailure) return { code: 'CANCELLED', message: current.message };
  }
  const message =
    error instanceof ActivityFailure ? (error.cause?.message ?? error.message) : String(error);
  return { code: 'INTERNAL', message };
}
