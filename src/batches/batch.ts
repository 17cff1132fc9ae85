/** What of a batch crosses processes: names, ids, inputs, results, progress. Plain JSON only. */
import type { LessonLine, ObjectRef, ScoreSummary } from '../contract.ts';
import type { FailureCode } from '../failures.ts';

export const RESCORE_BATCH = 'rescoreBatch';
export const BATCH_PROGRESS_QUERY = 'progress';
export const PAUSE_UPDATE = 'pause';
export const RESUME_UPDATE = 'resume';
export const SET_UPDATE = 'set';

/** Below learners' uploads: whoever waits for a score goes first. */
export const BATCH_PRIORITY = { priorityKey: 4 };

/** Where the scorings of a batch come from. */
export type BatchSource =
  | { kind: 'ids'; ids: string[] }
  /** JSON lines, `{"id": "…"}` each. */
  | { kind: 'file'; object: ObjectRef }
  /** The scorings of the recordings that lie there now. */
  | { kind: 'prefix'; bucket: string; prefix: string }
  | { kind: 'filter'; filter: ScoringFilter };

/** Absent: any. Only completed scorings are ever meant. */
export interface ScoringFilter {
  contentType?: string;
  level?: number;
  title?: string;
  line?: number;
  /** When the scoring ended, ISO 8601. */
  since?: string;
  until?: string;
  /** Only those of another formula or model than the worker's. */
  outdated?: boolean;
}

/** Failures that are put up with; more than either ends the batch. Null: not limited by it. */
export interface Tolerance {
  count: number | null;
  /** Of all items, 0–100. */
  percent: number | null;
}

/** All of them can be changed while the batch runs. */
export interface BatchLimits {
  /** Children at once. */
  concurrency: number;
  tolerance: Tolerance;
  /** Points of 100 that any score may move by without being accepted. */
  maxMove: number;
  /** Items of one child: of the pages that are read from now on. */
  chunkSize: number;
}

export interface RescoreBatchInput {
  batchId: string;
  source: BatchSource;
  /** Computes everything, changes no score. */
  dryRun: boolean;
  /** Writes even where a score moves by more than `maxMove`. */
  acceptMoves: boolean;
  limits: BatchLimits;
  reason: string | null;
  requestedBy: string;
  /** Items read at once. */
  pageSize: number;
  /** A run goes on as a new one when its history has so many events. */
  eventsPerRun: number;
  /** Where the run before stopped; absent in the first. */
  carried?: BatchState;
}

/** First everything is computed, then (unless it is a dry run) what has changed is written. */
export type BatchPhase = 'plan' | 'write';

/** Positions `first` to `last` of the batch's items, `items` of them to do. */
export interface BatchChunk {
  first: number;
  last: number;
  items: number;
}

export interface BatchCounts {
  unchanged: number;
  /** To be written, or written already. */
  changed: number;
  written: number;
  failed: number;
}

/** What a run hands to the next. */
export interface BatchState {
  phase: BatchPhase;
  total: number;
  /** Items of the phase: all, or those that have changed. */
  toDo: number;
  doneInPhase: number;
  counts: BatchCounts;
  failureCodes: Partial<Record<FailureCode, number>>;
  limits: BatchLimits;
  paused: boolean;
  startedAtMs: number;
  reading: BatchReading;
  /** When how much of the phase was done: the latest last. */
  samples: { atMs: number; done: number }[];
}

/** How far the items have been read, and what of it is not started. */
export interface BatchReading {
  /** Null: from the beginning. */
  cursor: string | null;
  nextPosition: number;
  items: number;
  ended: boolean;
  waiting: BatchChunk[];
}

export type BatchStatus = 'running' | 'completed' | 'failed' | 'cancelled';

export interface BatchProgress {
  batchId: string;
  status: BatchStatus;
  phase: BatchPhase;
  dryRun: boolean;
  total: number;
  toDo: number;
  doneInPhase: number;
  counts: BatchCounts;
  failureCodes: Partial<Record<FailureCode, number>>;
  inFlight: { children: number; items: number };
  paused: boolean;
  limits: BatchLimits;
  itemsPerMinute: number | null;
  remainingS: number | null;
  startedAtMs: number;
}

export interface RescoreBatchResult {
  batchId: string;
  dryRun: boolean;
  counts: BatchCounts;
  /** Where parts and report lie, `s3://bucket/prefix/`. */
  results: string;
}

/** What may be changed while a batch runs; absent: stays. */
export type LimitChange = Partial<BatchLimits>;

/** The figures of one scoring with what they were computed with. */
export interface RescoredFigures extends ScoreSummary {
  formula: string;
  /** Null where an older version did not say it. */
  model: string | null;
}

export type BatchItemState = 'waiting' | 'unchanged' | 'changed' | 'written' | 'failed';

/** One scoring of a batch, as its results show it. */
export interface BatchItem {
  batchId: string;
  position: number;
  scoringId: string;
  state: BatchItemState;
  failureCode: FailureCode | null;
  failureMessage: string | null;
  before: RescoredFigures | null;
  after: RescoredFigures | null;
  /** Points of 100 that the score that moves most moves by. */
  move: number | null;
  /** Null where there is no such scoring. */
  lesson: LessonLine | null;
}

// What each activity takes and gives.

export interface OpenBatchInput {
  batchId: string;
  source: BatchSource;
  dryRun: boolean;
  reason: string | null;
  requestedBy: string;
  workflowId: string;
}

export interface OpenedBatch {
  total: number;
}

export interface ReadBatchPageInput {
  batchId: string;
  phase: BatchPhase;
  source: BatchSource;
  cursor: string | null;
  firstPosition: number;
  pageSize: number;
  chunkSize: number;
}

export interface BatchPage {
  chunks: BatchChunk[];
  /** Null: that was the last page. */
  cursor: string | null;
  nextPosition: number;
}

export interface RescoreChunkInput {
  batchId: string;
  phase: BatchPhase;
  first: number;
  last: number;
}

export interface ChunkOutcome {
  counts: BatchCounts;
  failureCodes: Partial<Record<FailureCode, number>>;
}

export interface JudgePlanInput {
  batchId: string;
  maxMove: number;
}

export interface PlanJudgement {
  changed: number;
  /** Items that move by more than `maxMove`. */
  movedTooFar: number;
  largestMove: number;
}

export interface FinishBatchInput {
  batchId: string;
  status: Exclude<BatchStatus, 'running'>;
  failureCode: FailureCode | null;
  counts: BatchCounts;
}

export interface FinishedBatch {
  results: string;
}

export function batchWorkflowId(batchId: string): string {
  return `batch-${batchId}`;
}

/** `first` is the position of its first item: no scoring has it twice in one phase. */
export function chunkWorkflowId(batchId: string, phase: BatchPhase, first: number): string {
  return `rescore-${batchId}-${phase}-${String(first).padStart(6, '0')}`;
}

/** Where parts, report and uploaded items lie in the results bucket; no key of an upload. */
export function batchFolder(batchId: string): string {
  return `elocute/batches/${batchId}/`;
}
