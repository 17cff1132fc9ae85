/** Rescores many: computes a plan of all, judges it, then writes what has changed. */
import {
  CancellationScope,
  condition,
  ContinueAsNew,
  continueAsNew,
  executeChild,
  ParentClosePolicy,
  patched,
  workflowInfo,
} from '@temporalio/workflow';
import {
  BATCH_PRIORITY,
  chunkWorkflowId,
  type BatchChunk,
  type BatchPhase,
  type BatchReading,
  type BatchState,
  type RescoreBatchInput,
  type RescoreBatchResult,
} from '../batches/batch.ts';
import type { FailureCode } from '../failures.ts';
import { batchOptions } from './activity-options.ts';
import { controlBatch, type BatchControl } from './batch-control.ts';
import { endBatch, type Stop } from './end-batch.ts';
import { describeFailure } from './failure-code.ts';
import type { rescoreChunk } from './rescore-chunk.ts';
import { activities } from './scoring-activities.ts';

export { batchProgressQuery, pauseUpdate, resumeUpdate, setUpdate } from './batch-control.ts';

/** Enough for a rate that is steady and yet follows a change of concurrency. */
const SAMPLES = 20;
const options = { ...batchOptions, priority: BATCH_PRIORITY };

export async function rescoreBatch(input: RescoreBatchInput): Promise<RescoreBatchResult> {
  const state = input.carried ?? newState(input);
  const control = controlBatch(input, state);
  control.show();
  // Cancelling is orderly: what is in flight ends, and the report is written.
  return CancellationScope.nonCancellable(async () => {
    const stop = await rescore(input, state, control);
    return endBatch(input, state, control, stop);
  });
}

async function rescore(
  input: RescoreBatchInput,
  state: BatchState,
  control: BatchControl,
): Promise<Stop | null> {
  try {
    if (input.carried === undefined) await open(input, state);
    if (state.phase === 'plan') {
      await runPhase(input, state, control);
      if (control.stopping()) return stopOf(state, control);
      if (input.dryRun) return null;
      const refusal = await judge(input, state);
      if (refusal !== null || state.toDo === 0) return refusal;
    }
    await runPhase(input, state, control);
    return stopOf(state, control);
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error;
    const { inFlight } = control;
    // What is in flight counts, and belongs into the report.
    if (inFlight.children > 0 && patched('children-end-before-a-failed-batch')) {
      await condition(() => inFlight.children === 0);
    }
    const { code, message } = describeFailure(error);
    return { code, why: message, cause: error };
  }
}

async function open(input: RescoreBatchInput, state: BatchState): Promise<void> {
  const { batchId, source, dryRun, reason, requestedBy } = input;
  const { workflowId } = workflowInfo();
  const opened = await activities(options, 'count the items').openBatch({
    batchId,
    source,
    dryRun,
    reason,
    requestedBy,
    workflowId,
  });
  state.total = opened.total;
  state.toDo = opened.total;
}

/** A sliding window of children over all items of the phase; ends when the last has ended. */
async function runPhase(
  input: RescoreBatchInput,
  state: BatchState,
  control: BatchControl,
): Promise<void> {
  const { inFlight } = control;
  do {
    await startChunks(input, state, control);
    await condition(() => inFlight.children === 0);
    // While the last ones ended, somebody may have tolerated more: then it goes on.
  } while (!control.stopping() && !isRead(state));
}

async function startChunks(
  input: RescoreBatchInput,
  state: BatchState,
  control: BatchControl,
): Promise<void> {
  const { inFlight } = control;
  const mayStart = () => !state.paused && inFlight.children < state.limits.concurrency;
  for (;;) {
    await condition(() => control.stopping() || mayStart());
    if (control.stopping()) return;
    // Nothing may be in flight then, so the window empties once in a few thousand items.
    if (isHistoryFull(input)) {
      await condition(() => inFlight.children === 0);
      if (control.stopping()) return;
      await continueAsNew<typeof rescoreBatch>({ ...input, carried: state });
    }
    const chunk = await nextChunk(input, state);
    if (chunk === null) return;
    if (chunk === 'none yet') continue;
    // While the page was read, somebody may have paused or cancelled.
    if (control.stopping() || !mayStart()) state.reading.waiting.unshift(chunk);
    else void runChunk(input, state, control, chunk);
  }
}

function isRead({ reading }: BatchState): boolean {
  return reading.ended && reading.waiting.length === 0;
}

function isHistoryFull({ eventsPerRun }: RescoreBatchInput): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return historyLength >= eventsPerRun || continueAsNewSuggested;
}

/** Null: there is no more. `none yet`: a page held none, and somebody may have paused or cancelled. */
async function nextChunk(
  input: RescoreBatchInput,
  state: BatchState,
): Promise<BatchChunk | 'none yet' | null> {
  const { reading, phase, limits } = state;
  while (reading.waiting.length === 0 && !reading.ended) {
    const page = await activities(options, `${phase} · read items`).readBatchPage({
      batchId: input.batchId,
      phase,
      source: input.source,
      cursor: reading.cursor,
      firstPosition: reading.nextPosition,
      pageSize: input.pageSize,
      chunkSize: limits.chunkSize,
    });
    reading.waiting = page.chunks;
    reading.cursor = page.cursor;
    reading.nextPosition = page.nextPosition;
    reading.items += page.chunks.reduce((sum, { items }) => sum + items, 0);
    reading.ended = page.cursor === null;
    // The count before may have seen an id twice, or rows that have changed since.
    if (reading.ended) state.toDo = reading.items;
    if (reading.ended && phase === 'plan') state.total = reading.items;
    const isEmpty = reading.waiting.length === 0 && !reading.ended;
    if (isEmpty && patched('looks-up-after-an-empty-page')) return 'none yet';
  }
  return reading.waiting.shift() ?? null;
}

/** Never rejects: a child that fails as a whole fails its items. */
async function runChunk(
  { batchId }: RescoreBatchInput,
  state: BatchState,
  control: BatchControl,
  { first, last, items }: BatchChunk,
): Promise<void> {
  const { phase } = state;
  const { inFlight } = control;
  inFlight.children += 1;
  inFlight.items += items;
  try {
    const outcome = await executeChild<typeof rescoreChunk>('rescoreChunk', {
      args: [{ batchId, phase, first, last }],
      workflowId: chunkWorkflowId(batchId, phase, first),
      staticSummary: `${phase} · items ${first} to ${last}`,
      priority: BATCH_PRIORITY,
      // Terminating the batch is the emergency stop; cancelling it lets its children end.
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    });
    const { unchanged, changed, written, failed } = outcome.counts;
    if (phase === 'plan') {
      state.counts.unchanged += unchanged;
      state.counts.changed += changed;
    } else state.counts.written += written;
    countFailures(state, failed, outcome.failureCodes);
  } catch (error) {
    countFailures(state, items, { [describeFailure(error).code]: items });
  }
  inFlight.children -= 1;
  inFlight.items -= items;
  state.doneInPhase += items;
  state.samples = [...state.samples, { atMs: Date.now(), done: state.doneInPhase }].slice(-SAMPLES);
  control.show();
}

function countFailures(
  state: BatchState,
  failed: number,
  codes: Partial<Record<FailureCode, number>>,
): void {
  state.counts.failed += failed;
  for (const [code, count] of Object.entries(codes) as [FailureCode, number][]) {
    state.failureCodes[code] = (state.failureCodes[code] ?? 0) + count;
  }
}

/** Turns to writing, unless something would move too far; then says what. */
async function judge(input: RescoreBatchInput, state: BatchState): Promise<Stop | null> {
  const { maxMove } = state.limits;
  const plan = await activities(options, 'judge the plan').judgePlan({
    batchId: input.batchId,
    maxMove,
  });
  if (plan.movedTooFar > 0 && !input.acceptMoves) {
    return {
      code: 'BATCH_MOVES_TOO_FAR',
      why: `${plan.movedTooFar} of ${state.total} scorings would move by more than ${maxMove} points, the farthest by ${plan.largestMove}`,
    };
  }
  state.phase = 'write' satisfies BatchPhase;
  state.toDo = plan.changed;
  state.doneInPhase = 0;
  state.samples = [];
  state.reading = newReading();
  return null;
}

function stopOf(state: BatchState, control: BatchControl): Stop | null {
  if (control.cancelled()) return { code: 'CANCELLED', why: 'the batch was cancelled' };
  if (!control.tooManyFailed()) return null;
  return {
    code: 'BATCH_TOLERANCE_EXCEEDED',
    why: `${state.counts.failed} of ${state.total} items failed`,
  };
}

function newState({ limits }: RescoreBatchInput): BatchState {
  return {
    phase: 'plan',
    total: 0,
    toDo: 0,
    doneInPhase: 0,
    counts: { unchanged: 0, changed: 0, written: 0, failed: 0 },
    failureCodes: {},
    limits,
    paused: false,
    startedAtMs: workflowInfo().startTime.getTime(),
    reading: newReading(),
    samples: [],
  };
}

function newReading(): BatchReading {
  return { cursor: null, nextPosition: 1, items: 0, ended: false, waiting: [] };
}
