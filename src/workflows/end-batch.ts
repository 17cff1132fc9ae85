/** The end of a batch: its report, and how the workflow ends. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { patched } from '@temporalio/workflow';
import {
  BATCH_PRIORITY,
  type BatchState,
  type FinishBatchInput,
  type RescoreBatchInput,
  type RescoreBatchResult,
} from '../batches/batch.ts';
import { describeCounts } from '../batches/limits.ts';
import { failureOf, type FailureCode } from '../failures.ts';
import { batchOptions } from './activity-options.ts';
import type { BatchControl } from './batch-control.ts';
import { describeFailure } from './failure-code.ts';
import { activities } from './scoring-activities.ts';

const options = { ...batchOptions, priority: BATCH_PRIORITY };

/** Why nothing more is done; null: everything is done. */
export interface Stop {
  code: FailureCode;
  why: string;
  cause?: unknown;
}

/** Results and report, however it ended; then success, failure or cancellation. */
export async function endBatch(
  { batchId, dryRun }: RescoreBatchInput,
  { counts, failureCodes }: BatchState,
  control: BatchControl,
  stop: Stop | null,
): Promise<RescoreBatchResult> {
  const asked = { batchId, status: statusOf(stop), failureCode: stop?.code ?? null, counts };
  const report = await writeReport(asked);
  // Why the batch ended matters more than that nobody could write it down.
  const ending = stop ?? report.problem;
  control.ended(statusOf(ending));
  if (ending === null) return { batchId, dryRun, counts, results: report.results };
  const { code, why, cause } = ending;
  const summary = `${why}: ${describeCounts(counts, failureCodes, dryRun)}. ${report.said}`;
  if (code === 'CANCELLED') throw new CancelledFailure(summary);
  throw ApplicationFailure.create({
    type: code,
    message: `${summary}. ${failureOf(code).operator}`,
    nonRetryable: true,
    ...(cause instanceof Error ? { cause } : {}),
  });
}

function statusOf(stop: Stop | null): FinishBatchInput['status'] {
  if (stop === null) return 'completed';
  return stop.code === 'CANCELLED' ? 'cancelled' : 'failed';
}

interface Report {
  /** Where it lies; empty where it could not be written. */
  results: string;
  problem: Stop | null;
  said: string;
}

async function writeReport(asked: FinishBatchInput): Promise<Report> {
  try {
    const finish = activities(options, 'write results and report').finishBatch;
    const { results } = await finish(asked);
    return { results, problem: null, said: `Results: ${results}` };
  } catch (error) {
    // Workers of before failed with this, whatever had happened.
    if (!patched('a-missing-report-hides-no-cause')) throw error;
    const { code, message } = describeFailure(error);
    const problem = { code, why: message, cause: error };
    return { results: '', problem, said: `There is no report: ${code}, ${message}` };
  }
}
