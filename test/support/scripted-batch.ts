/** The activities of a batch on a ledger in memory: what the workflows do, and nothing else. */
import type { Activities } from '../../src/activities/index.ts';
import type {
  BatchCounts,
  BatchItemState,
  BatchPage,
  FinishBatchInput,
  RescoreBatchInput,
  RescoreChunkInput,
} from '../../src/batches/batch.ts';
import { DEFAULT_LIMITS } from '../../src/batches/limits.ts';

type BatchActivities = Pick<
  Activities,
  'openBatch' | 'readBatchPage' | 'rescoreFromAnalyses' | 'judgePlan' | 'finishBatch'
>;

export interface BatchScript {
  total?: number;
  /** What computing an item finds; positions count from 1. */
  stateOf?: (position: number) => 'unchanged' | 'changed' | 'failed';
  /** Runs before each chunk, for instance to hold it. */
  before?: (input: RescoreChunkInput) => Promise<void> | void;
  movedTooFar?: number;
  /** Pages without any item before the first that has some, as a filter may find. */
  emptyPages?: number;
}

export interface ScriptedBatch {
  activities: BatchActivities;
  /** Chunks in the order they were started. */
  started: RescoreChunkInput[];
  finished: FinishBatchInput[];
  /** Chunks in hand now, and the most there ever were. */
  running: { now: number; most: number };
  states: Map<number, BatchItemState>;
}

export function scriptedBatch(script: BatchScript = {}): ScriptedBatch {
  const {
    total = 3,
    stateOf = () => 'unchanged',
    before,
    movedTooFar = 0,
    emptyPages = 0,
  } = script;
  let empty = 0;
  const batch: Omit<ScriptedBatch, 'activities'> = {
    started: [],
    finished: [],
    running: { now: 0, most: 0 },
    states: new Map(),
  };
  const { states, running } = batch;
  const positionsOf = (state: BatchItemState) =>
    [...states].filter(([, one]) => one === state).map(([position]) => position);
  return {
    ...batch,
    activities: {
      openBatch: () => Promise.resolve({ total }),
      readBatchPage({ phase, firstPosition, pageSize, chunkSize }) {
        if (empty < emptyPages) {
          empty += 1;
          return Promise.resolve({ chunks: [], cursor: String(empty), nextPosition: 1 });
        }
        if (phase === 'plan') {
          for (let at = firstPosition; at < firstPosition + pageSize && at <= total; at += 1) {
            if (!states.has(at)) states.set(at, 'waiting');
          }
        }
        const wanted = phase === 'plan' ? [...states.keys()] : positionsOf('changed');
        const positions = wanted.filter((position) => position >= firstPosition).slice(0, pageSize);
        return Promise.resolve(pageOf(positions, { firstPosition, pageSize, chunkSize }));
      },
      async rescoreFromAnalyses(input) {
        batch.started.push(input);
        running.now += 1;
        running.most = Math.max(running.most, running.now);
        await before?.(input);
        const counts: BatchCounts = { unchanged: 0, changed: 0, written: 0, failed: 0 };
        for (let position = input.first; position <= input.last; position += 1) {
          const state = input.phase === 'plan' ? stateOf(position) : 'written';
          if (input.phase === 'write' && states.get(position) !== 'changed') continue;
          states.set(position, state);
          counts[state] += 1;
        }
        running.now -= 1;
        const failureCodes = counts.failed === 0 ? {} : { ANALYSES_MISSING: counts.failed };
        return { counts, failureCodes };
      },
      judgePlan: () =>
        Promise.resolve({
          changed: positionsOf('changed').length,
          movedTooFar,
          largestMove: movedTooFar === 0 ? 1.5 : 31.2,
        }),
      finishBatch(input) {
        batch.finished.push(input);
        return Promise.resolve({ results: `s3://results/elocute/batches/${input.batchId}/` });
      },
    },
  };
}

function pageOf(
  positions: number[],
  {
    firstPosition,
    pageSize,
    chunkSize,
  }: Record<'firstPosition' | 'pageSize' | 'chunkSize', number>,
): BatchPage {
  const chunks: BatchPage['chunks'] = [];
  for (let start = 0; start < positions.length; start += chunkSize) {
    const own = positions.slice(start, start + chunkSize);
    chunks.push({ first: own[0] ?? 0, last: own.at(-1) ?? 0, items: own.length });
  }
  const nextPosition = (positions.at(-1) ?? firstPosition - 1) + 1;
  return {
    chunks,
    cursor: positions.length === pageSize ? String(nextPosition) : null,
    nextPosition,
  };
}

export function batchInput(
  batchId: string,
  overrides: Partial<Omit<RescoreBatchInput, 'limits'>> & {
    limits?: Partial<RescoreBatchInput['limits']>;
  } = {},
): RescoreBatchInput {
  return {
    batchId,
    source: { kind: 'filter', filter: { contentType: 'novel' } },
    dryRun: false,
    acceptMoves: false,
    reason: null,
    requestedBy: 'operator',
    pageSize: 500,
    eventsPerRun: 2000,
    ...overrides,
    limits: { ...DEFAULT_LIMITS, ...overrides.limits },
  };
}
