/** What the web process needs from outside, without any vendor's types. Adapters implement it. */
import type { BatchProgress, LimitChange, RescoreBatchInput } from '../batches/batch.ts';
import type { BatchReport } from '../batches/batch-report.ts';
import type {
  FinalStatus,
  LessonLine,
  ObjectRef,
  ScorePronunciationInput,
  ScoreSummary,
  ScoringProgress,
} from '../contract.ts';
import type { ReviewAnswer, ReviewDecision } from '../contract/review.ts';
import type { ReplayPorts } from '../operate/replay-ports.ts';
import type { ReportSources } from '../report/ports.ts';
import type { StandardFinding } from '../scoring/check-standard.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import type { Principal, Visibility } from './principal.ts';

/** Rows of older versions lack what was added since. */
export type StoredResult = Partial<ScoringResult>;

/** A row of `elocute.scoring`. */
export interface ScoringRow {
  id: string;
  workflowId: string;
  runId: string;
  userId: string;
  object: ObjectRef;
  lesson: LessonLine;
  sentence: string | null;
  status: FinalStatus;
  attemptKind: string | null;
  failureCode: string | null;
  failureMessage: string | null;
  result: StoredResult | null;
  applicationRowId: string | null;
  attempts: number;
  /** When the row was first written, ISO 8601 in microseconds; it never changes. */
  createdAt: string;
  /** ISO 8601. */
  finishedAt: string;
}

export interface ScoringFilter {
  contentType?: string | undefined;
  level?: number | undefined;
  title?: string | undefined;
  line?: number | undefined;
  /** In the title, whatever the case. */
  search?: string | undefined;
  userId?: string | undefined;
  /** Of one of these. */
  users?: readonly string[] | undefined;
  status?: FinalStatus | undefined;
  code?: string | undefined;
  /** First written at or after it, ISO 8601. */
  since?: string | undefined;
  /** First written before it. */
  until?: string | undefined;
}

/** By which score what is sorted; by none: by when it was first written. */
export const SCORING_ORDERS = {
  latest: null,
  oldest: null,
  highest: 'overall',
  lowest: 'overall',
  highestAccuracy: 'accuracy',
  lowestAccuracy: 'accuracy',
  highestFluency: 'fluency',
  lowestFluency: 'fluency',
  highestProsody: 'prosody',
  lowestProsody: 'prosody',
} as const;

export type ScoringOrder = keyof typeof SCORING_ORDERS;

/** Where a page ended: the next begins after it. */
export interface ScoringPosition {
  /** By what the list is ordered: when the row was first written, or its score. */
  value: string;
  id: string;
}

export interface ScoringReader {
  find(id: string): Promise<ScoringRow | null>;
  /** The latest first, unless another order is asked for. */
  list(
    filter: ScoringFilter,
    visible: Visibility,
    below: ScoringPosition | null,
    limit: number,
    order?: ScoringOrder,
  ): Promise<ScoringRow[]>;
}

/** How often something came, how often it was to be practised, and its mean score, 0–100. */
export interface Difficulty {
  name: string;
  said: number;
  missed: number;
  score: number;
}

/** What the latest scorings of a selection say together. */
export interface Insights {
  /** Scorings that were looked at: those with scores, the latest `most` of them. */
  scored: number;
  most: number;
  learners: number;
  /** Mean of the overall scores; null without any. */
  overall: number | null;
  /** How many have an overall score of 0–9, 10–19, … 90–100. */
  distribution: number[];
  words: Difficulty[];
  sounds: Difficulty[];
  /** By day (UTC), the earliest first. */
  progress: { day: string; scored: number; overall: number }[];
}

export interface InsightReader {
  of(filter: ScoringFilter, visible: Visibility): Promise<Insights>;
}

/** A score that waits for a teacher. */
export interface WaitingReview {
  scoringId: string;
  lesson: LessonLine;
  because: string;
  confidence: number;
  before: ScoreSummary;
  askedAt: string;
  endsAt: string;
}

export interface Reviews {
  /** The least certain first, of these lessons (null: all), after the one where a page ended. */
  waiting(
    lessons: Visibility['lessons'],
    after: Pick<WaitingReview, 'confidence' | 'scoringId'> | null,
    limit: number,
  ): Promise<WaitingReview[]>;
  /** Null where none of it waits. */
  find(scoringId: string): Promise<WaitingReview | null>;
  /** What the scores are now, or why the scoring did not take the decision. */
  decide(
    scoringId: string,
    decision: ReviewDecision,
  ): Promise<{ answer: ReviewAnswer } | { refused: string }>;
}

/** A scoring as its workflow knows it. */
export interface WorkflowLook {
  input: ScorePronunciationInput;
  runId: string;
  running: boolean;
}

export interface ScoringWorkflows {
  /** Null where there is no such workflow (any more). */
  look(workflowId: string, signal: AbortSignal): Promise<WorkflowLook | null>;
  /** Null where it is gone, or where no worker answers at the moment. */
  progress(workflowId: string, signal: AbortSignal): Promise<ScoringProgress | null>;
}

export interface PresignedPut {
  url: string;
  /** All of them must be sent as they are. */
  headers: Record<string, string>;
}

export interface PresignPutOptions {
  bucket: string;
  key: string;
  contentType: string;
  sizeBytes: number;
  /** Keys in lower case, without `x-amz-meta-`. */
  metadata: Record<string, string>;
  expiresInS: number;
}

export interface DescribedObject {
  object: ObjectRef;
  sizeBytes: number;
  metadata: Record<string, string>;
}

export interface WebObjects {
  presignPut(options: PresignPutOptions): Promise<PresignedPut>;
  presignGet(object: ObjectRef, expiresInS: number): Promise<string>;
  /** Null where there is no such object. */
  describe(object: ObjectRef, signal: AbortSignal): Promise<DescribedObject | null>;
  read(object: ObjectRef, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  /** One page of a bucket, by key. */
  page(
    from: { bucket: string; prefix: string; cursor: string | null },
    signal: AbortSignal,
  ): Promise<{ objects: { key: string; etag: string | null }[]; nextCursor: string | null }>;
}

export interface ApplicationLesson {
  contentTypeId: string | null;
  objectId: string | null;
  sentence: string | null;
}

export interface CheckedStandard {
  bucket: string;
  key: string;
  version: string | null;
  findings: StandardFinding[];
  formulaVersion: string;
  /** ISO 8601. */
  checkedAt: string;
}

export interface BatchRow {
  id: string;
  workflowId: string;
  source: RescoreBatchInput['source'];
  reason: string | null;
  requestedBy: string;
  dryRun: boolean;
  formula: string;
  model: string;
  total: number;
  status: string;
  failureCode: string | null;
  counts: BatchProgress['counts'] | null;
  report: BatchReport | null;
  results: string | null;
  createdAt: string;
  endedAt: string | null;
}

export type BatchChange =
  | { kind: 'pause' }
  | { kind: 'resume' }
  | { kind: 'cancel' }
  | { kind: 'set'; limits: LimitChange };

export interface Batches {
  list(limit: number): Promise<BatchRow[]>;
  find(id: string): Promise<BatchRow | null>;
  progress(id: string): Promise<BatchProgress | null>;
  /** The workflow id. */
  start(input: RescoreBatchInput, summary: string): Promise<string>;
  /** Null, or why the batch did not take the change. */
  change(id: string, change: BatchChange): Promise<string | null>;
}

/** Why a token is not accepted: it is none, not ours, or not valid now. Quotes nothing of it. */
export interface RefusedToken {
  refused: string;
}

/** Nothing can be said about the token: the keys to check it do not answer, or are none. */
export interface UncheckedToken {
  unchecked: unknown;
}

export interface Tokens {
  verify(
    token: string,
  ): Promise<{ principal: Principal; expiresAtS: number } | RefusedToken | UncheckedToken>;
  /** The same for the same teacher, and no name: it stands in the history of a workflow. */
  pseudonymOf(userId: string): string;
  /** A token for the browser; null where this process cannot sign. */
  sign: ((principal: Principal, expiresInS: number) => Promise<string>) | null;
  /** Whose one-time link it is, with what makes it one-time. */
  verifyLink(
    code: string,
  ): Promise<
    { principal: Principal; id: string; expiresAtS: number } | RefusedToken | UncheckedToken
  >;
}

export interface WebSettings {
  /** Origin as browsers see it. */
  origin: string;
  corsOrigins: readonly string[];
  userBucket: string;
  userKeyRoot: string;
  standardBucket: string;
  standardKeyRoot: string;
  contentTypes: readonly string[];
  /** Of keys that are scored; empty: whatever the suffix. */
  suffixes: readonly string[];
  maxBytes: number;
  maxSeconds: number;
  language: 'en' | 'ko';
  ratePerMinute: number;
  proxies: number;
}

export interface WebDependencies {
  scorings: ScoringReader;
  insights: InsightReader;
  reviews: Reviews;
  workflows: ScoringWorkflows;
  objects: WebObjects;
  lessons: { find(lesson: LessonLine): Promise<ApplicationLesson | null> };
  standards: { faulty(): Promise<CheckedStandard[]> };
  batches: Batches;
  replays: ReplayPorts;
  tokens: Tokens;
  reports: ReportSources;
  /** By name; each resolves where it answers. */
  checks: Record<string, (signal: AbortSignal) => Promise<void>>;
  settings: WebSettings;
}
