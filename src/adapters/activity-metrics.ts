/** Counts failed attempts of activities by failure code, those that are retried included. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { isFailureCode, type FailureCode } from '../failures.ts';
import type { Meter } from '../observe/meter.ts';

export function activityMetrics(meter: Meter): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          const labels = { activity: info.activityType, code: codeOf(error) };
          meter.count('elocute_activity_failures_total', labels);
          throw error;
        }
      },
    },
  });
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof ApplicationFailure && isFailureCode(error.type)) return error.type;
  return error instanceof CancelledFailure ? 'CANCELLED' : 'INTERNAL';
}
