/** What the activities of a batch need from outside; adapters implement it. */
import type { BatchReport } from '../batches/batch-report.ts';
import type {
  BatchItem,
  ChunkOutcome,
  FinishBatchInput,
  OpenBatchInput,
  BatchPhase,
  PlanJudgement,
  RescoredFigures,
  ScoringFilter,
} from '../batches/batch.ts';
import type { LessonLine, ObjectRef, ScoreRecordingInput } from '../contract.ts';
import type { FailureCode } from '../failures.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';

/** What the rows to be rescored are compared with. */
export interface TargetVersions {
  formula: string;
  model: string;
}

/** The batches and their items, in the database. */
export interface BatchLedger {
  /** Opening twice changes nothing. */
  open(batch: OpenBatchInput, target: TargetVersions, total: number): Promise<void>;
  /** Adds scorings from a position on; those that are in the batch already keep theirs. */
  add(batchId: string, firstPosition: number, scoringIds: readonly string[]): Promise<void>;
  /** Positions in order, at most `limit`; of phase `write`: those that have something to write. */
  positions(range: PositionRange): Promise<number[]>;
  items(batchId: string, first: number, last: number): Promise<BatchItem[]>;
  planned(item: BatchItem, outcome: PlannedOutcome): Promise<void>;
  failed(item: BatchItem, code: FailureCode, message: string): Promise<void>;
  /** Of phase `write`: of the items alone that had something to write. */
  outcome(batchId: string, phase: BatchPhase, first: number, last: number): Promise<ChunkOutcome>;
  judge(batchId: string, maxMove: number): Promise<PlanJudgement>;
  /** False where the batch was never opened: there is nothing to report about. */
  isOpen(batchId: string): Promise<boolean>;
  close(batch: FinishBatchInput, report: BatchReport, results: string): Promise<void>;
}

export interface PositionRange {
  batchId: string;
  phase: BatchPhase;
  from: number;
  /** Excluded; null: no end. */
  to: number | null;
  limit: number;
}

export type PlannedOutcome =
  | { state: 'unchanged'; before: RescoredFigures; after: RescoredFigures }
  | { state: 'changed'; before: RescoredFigures; after: RescoredFigures; move: number };

/** Completed scorings: found by what they are of, and rescored. */
export interface RescoringStore {
  count(filter: ScoringFilter, target: TargetVersions): Promise<number>;
  /** Ids in order, from after `after`. */
  page(
    filter: ScoringFilter,
    target: TargetVersions,
    after: string,
    limit: number,
  ): Promise<string[]>;
  /** Ids of the scorings of exactly these contents, in their order. */
  ofObjects(bucket: string, objects: readonly ListedRecording[]): Promise<string[]>;
  /** Null where there is no completed scoring of this id. */
  find(scoringId: string): Promise<ScoringToRescore | null>;
  /** Keys of the analyses it was made from, or why they are not known. */
  analysesOf(
    scoring: ScoringToRescore,
    standard: { bucket: string; key: string },
  ): Promise<{ keys: ScoreRecordingInput } | { missing: string }>;
  /** Our row, the application's, the record of the change and the item: all or nothing, once. */
  write(
    item: BatchItem,
    scoring: ScoringToRescore,
    result: ScoringResult,
  ): Promise<'written' | 'stale'>;
}

export interface ListedRecording {
  key: string;
  etag: string | null;
}

/** A result as stored: those of older versions do not say what they were made with. */
export type StoredScoringResult = Omit<ScoringResult, 'versions'> &
  Partial<Pick<ScoringResult, 'versions'>>;

export interface ScoringToRescore {
  id: string;
  object: ObjectRef;
  lesson: LessonLine;
  userId: string;
  contentTypeId: string | null;
  objectId: string | null;
  sentence: string;
  result: StoredScoringResult;
  /** Of the stored result: nothing is written over another one. */
  resultDigest: string;
  applicationRowId: string | null;
}

/** Objects beside the recordings: lists, uploaded items, results. */
export interface BatchObjects {
  /** Keys in order, from after `after`; at most 1,000. */
  list(
    bucket: string,
    prefix: string,
    after: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<ListedRecording[]>;
  /** At most `length` bytes from `offset` on; none at the end. */
  readRange(
    object: ObjectRef,
    offset: number,
    length: number,
    signal: AbortSignal,
  ): Promise<Uint8Array>;
  /** Writing again under the same key replaces it. */
  write(key: string, text: string, contentType: string, signal: AbortSignal): Promise<void>;
  /** `s3://bucket/key`. */
  addressOf(key: string): string;
}

export interface BatchDependencies {
  ledger: BatchLedger;
  rescoring: RescoringStore;
  objects: BatchObjects;
}
