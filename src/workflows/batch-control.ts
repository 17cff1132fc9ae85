/** What a batch says about itself and lets be changed: query, updates, current details. */
import { ApplicationFailure } from '@temporalio/common';
import {
  CancellationScope,
  defineQuery,
  defineUpdate,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { batchDetails, batchHeading } from '../batches/batch-details.ts';
import {
  BATCH_PROGRESS_QUERY,
  PAUSE_UPDATE,
  RESUME_UPDATE,
  SET_UPDATE,
  type BatchProgress,
  type BatchState,
  type BatchStatus,
  type LimitChange,
  type RescoreBatchInput,
} from '../batches/batch.ts';
import { limitProblems, toleranceExceeded } from '../batches/limits.ts';

export const batchProgressQuery = defineQuery<BatchProgress>(BATCH_PROGRESS_QUERY);
export const pauseUpdate = defineUpdate<BatchProgress>(PAUSE_UPDATE);
export const resumeUpdate = defineUpdate<BatchProgress>(RESUME_UPDATE);
export const setUpdate = defineUpdate<BatchProgress, [LimitChange]>(SET_UPDATE);

export interface BatchControl {
  inFlight: { children: number; items: number };
  /** Nothing more may be started: cancelled, or too many have failed. */
  stopping(): boolean;
  cancelled(): boolean;
  tooManyFailed(): boolean;
  ended(status: BatchStatus): void;
  /** After every change, so that the Web UI shows it. */
  show(): void;
}

export function controlBatch(input: RescoreBatchInput, state: BatchState): BatchControl {
  let status: BatchStatus = 'running';
  let cancelled = false;
  const inFlight = { children: 0, items: 0 };
  const progress = () => progressOf(input, state, status, inFlight);
  const heading = batchHeading(input);
  const show = () => setCurrentDetails(`${heading}\n\n${batchDetails(progress())}`);
  CancellationScope.current().cancelRequested.catch(() => {
    cancelled = true;
    show();
  });
  const change = (apply: () => void) => () => {
    apply();
    show();
    return progress();
  };
  const refuseUnless = (problems: string[]) => {
    if (status !== 'running') problems.unshift(`the batch is ${status} already`);
    if (cancelled) problems.unshift('the batch is being cancelled');
    if (problems.length === 0) return;
    throw ApplicationFailure.nonRetryable(problems.join('; '), 'BATCH_CHANGE_REFUSED');
  };
  setHandler(batchProgressQuery, progress);
  setHandler(
    pauseUpdate,
    change(() => (state.paused = true)),
    {
      validator: () => refuseUnless(state.paused ? ['it is paused already'] : []),
    },
  );
  setHandler(
    resumeUpdate,
    change(() => (state.paused = false)),
    {
      validator: () => refuseUnless(state.paused ? [] : ['it is not paused']),
    },
  );
  const setLimits = (limits: LimitChange) => {
    state.limits = { ...state.limits, ...limits };
    show();
    return progress();
  };
  setHandler(setUpdate, setLimits, {
    validator: (limits: LimitChange) => {
      const nothing = Object.keys(limits).length === 0 ? ['nothing to change was given'] : [];
      refuseUnless([...nothing, ...limitProblems(limits)]);
    },
  });
  const tooManyFailed = () =>
    toleranceExceeded(state.limits.tolerance, state.counts.failed, state.total);
  return {
    inFlight,
    stopping: () => cancelled || tooManyFailed(),
    cancelled: () => cancelled,
    tooManyFailed,
    ended(as) {
      status = as;
      show();
    },
    show,
  };
}

function progressOf(
  input: RescoreBatchInput,
  state: BatchState,
  status: BatchStatus,
  inFlight: BatchControl['inFlight'],
): BatchProgress {
  const { phase, total, toDo, doneInPhase, counts, failureCodes, limits, samples } = state;
  const itemsPerMinute = rateOf(samples);
  const left = toDo - doneInPhase;
  const isMoving = status === 'running' && !state.paused && itemsPerMinute !== null;
  return {
    batchId: input.batchId,
    dryRun: input.dryRun,
    status,
    phase,
    total,
    toDo,
    doneInPhase,
    counts,
    failureCodes,
    paused: state.paused,
    limits,
    startedAtMs: state.startedAtMs,
    inFlight: { ...inFlight },
    itemsPerMinute,
    remainingS: isMoving && itemsPerMinute > 0 ? Math.round((left / itemsPerMinute) * 60) : null,
  };
}

/** Over the samples that are kept: the last minute or so. */
function rateOf(samples: BatchState['samples']): number | null {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.atMs === first.atMs) return null;
  return Math.round(((last.done - first.done) / (last.atMs - first.atMs)) * 60_000);
}
