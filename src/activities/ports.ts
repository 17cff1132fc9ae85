/** What the activities need from outside, without any vendor's types. Adapters implement it. */
import type {
  ApplicationIds,
  FinalStatus,
  LessonLine,
  ObjectRef,
  SaveFailureInput,
  SavedScoring,
  SaveScoreInput,
  ScorePronunciationInput,
} from '../contract.ts';
import type { OpenReviewInput } from '../contract/review.ts';
import type { VersionOrder } from '../contract/compare-versions.ts';
import type { FailureCode } from '../failures.ts';
import type { Alignment, PitchTrack, Transcript } from '../scoring/analyses.ts';
import type { Pronunciations } from '../scoring/pronunciations.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import type { ReviewRule } from '../scoring/wanted-review.ts';
import type { BatchDependencies } from './batch-ports.ts';
import type { UploadFilter } from '../uploads/classify-upload.ts';

export interface ObjectDescription {
  object: ObjectRef;
  sizeBytes: number;
  /** Null where the store does not say. */
  modifiedAtMs: number | null;
  /** User metadata, keys in lower case without `x-amz-meta-`. */
  metadata: Record<string, string>;
}

export interface ObjectStore {
  /** Null where there is no such object (or no such version). */
  describe(object: ObjectRef, signal: AbortSignal): Promise<ObjectDescription | null>;
  /** Reads exactly this version; refuses more than `maxBytes` while streaming. */
  read(object: ObjectRef, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** What identifies an analysis: equal keys, equal result. */
export interface AnalysisKey {
  kind: 'transcript' | 'pitch' | 'alignment' | 'score';
  /** Engine with version and parameters. */
  engine: string;
  /** Digest of the audio (for a score: of the analyses that went in). */
  sha256: string;
  sentence: string | null;
}

export interface KeptAnalysis<T> {
  key: string;
  value: T;
  /** True where nothing had to be computed. */
  cached: boolean;
}

export interface AnalysisStore {
  /** Returns what is kept under the key, else computes it; concurrent callers compute once. */
  once<T>(
    key: AnalysisKey,
    compute: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<KeptAnalysis<T>>;
  /** A kept analysis by the key string that `once` returned. */
  get(key: string): Promise<unknown>;
  /** The same, with the engine that made it. */
  getWithEngine(key: string): Promise<{ value: unknown; engine: string }>;
}

/** What the database knows about an upload before it is scored. */
export interface KnownUpload {
  /** The row of this very upload. */
  own: {
    status: FinalStatus;
    applicationRowId: string | null;
    result: ScoringResult | null;
    failureCode: FailureCode | null;
  } | null;
  /** Other versions of the object whose outcome stands in the application's table. */
  standing: VersionOrder[];
}

export interface ScoringStore {
  find(scoringId: string, object: ObjectRef): Promise<KnownUpload>;
  /** Ends as `superseded` where a newer version stands in the application's table. */
  saveScore(input: SaveScoreInput, result: ScoringResult): Promise<SavedScoring>;
  /** Tells the learner in the configured language; the same where a newer version stands. */
  saveFailure(input: SaveFailureInput): Promise<SavedScoring>;
}

export interface RecordingContent {
  sha256: string;
  /** Null: remembered before formats were told apart. */
  format: string | null;
}

/** Which content an object version has, remembered so that standards are not read for every upload. */
export interface ContentDigests {
  find(object: ObjectRef): Promise<RecordingContent | null>;
  remember(object: ObjectRef, content: RecordingContent): Promise<void>;
}

export interface LessonRow {
  contentTypeId: string | null;
  objectId: string | null;
  sentence: string | null;
}

export interface LessonDirectory {
  /** Null where no lookup is configured or no row matches. */
  find(lesson: LessonLine): Promise<LessonRow | null>;
}

/** Signal processing, off the event loop. Bytes are the recording as uploaded. */
export interface AudioEngines {
  pitchVersion: string;
  alignerVersion: string;
  /** `wav`, `flac`, …, by the first bytes. */
  formatOf(bytes: Uint8Array): string;
  /** What decodes a format, with its version; null for WAV. */
  decoderOf(format: string): string | null;
  trackPitch(bytes: Uint8Array, signal: AbortSignal): Promise<PitchTrack>;
  alignPhones(bytes: Uint8Array, sentence: string, signal: AbortSignal): Promise<Alignment>;
  /** 16 kHz mono 16-bit WAV: what a speech service is sent, whatever came in. */
  toSpeechWav(bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
}

/** The dictionary that the aligner uses, so that both mean the same phones. */
export interface PronunciationLexicon {
  /** Words that nobody can pronounce are missing from the answer. */
  pronounce(words: readonly string[], signal: AbortSignal): Promise<Pronunciations>;
}

export interface SpeechRecogniser {
  /** Engine, model and parameters: part of the analysis key. */
  version: string;
  /** True for the offline recogniser, which works from the expected sentence. */
  usesSentence: boolean;
  recognise(
    request: { wav: Uint8Array; sentence: string | null },
    signal?: AbortSignal,
  ): Promise<Transcript>;
}

export interface ListedObject {
  key: string;
  /** Without quotes. */
  etag: string | null;
  sizeBytes: number;
  modifiedAtMs: number;
}

export interface ObjectListing {
  /** At most 1,000 current objects below the prefix, in the order of their keys. */
  page(
    place: { bucket: string; prefix: string; cursor: string | null },
    signal: AbortSignal,
  ): Promise<{ objects: ListedObject[]; nextCursor: string | null }>;
}

/** A version that a newer one of the same key has replaced. */
export interface OlderVersion extends ListedObject {
  /** Null where the bucket kept no versions when it was written. */
  versionId: string | null;
}

export interface OlderVersions {
  /**
   * Those among the next 1,000 versions below the prefix; none from before a deletion of their key. None at all
   * where the store keeps no versions, lists none, or may not be asked.
   */
  page(
    place: { bucket: string; prefix: string; cursor: string | null },
    signal: AbortSignal,
  ): Promise<{ versions: OlderVersion[]; nextCursor: string | null }>;
}

export interface ScoredUpload {
  scoringId: string;
  key: string;
  /** Null where its event brought a version only. */
  etag: string | null;
  startedAtMs: number;
}

export interface ScoredUploads {
  /** The rows of these objects that have this content, or an unknown one: one indexed query. */
  find(
    bucket: string,
    objects: readonly { key: string; etag: string | null }[],
  ): Promise<ScoredUpload[]>;
  has(scoringId: string): Promise<boolean>;
}

/** How the workflow of a scoring stands; null where Temporal knows none. */
export type ScoringStanding = 'running' | 'completed' | 'failed' | null;

export interface ScoringStarter {
  standingOf(scoringId: string): Promise<ScoringStanding>;
  /** `refused`: will never be taken, and says nothing about the next one. */
  start(input: ScorePronunciationInput): Promise<'started' | 'duplicate' | 'refused'>;
  /** Starts again what has failed; `duplicate` where it runs or has completed. */
  restart(input: ScorePronunciationInput): Promise<'started' | 'duplicate' | 'refused'>;
}

/** What a reconciliation needs: all places where an upload can stand. */
export interface Reconciliation {
  filter: UploadFilter;
  listing: ObjectListing;
  olderVersions: OlderVersions;
  rows: ScoredUploads;
  starter: ScoringStarter;
}

export interface ReviewStore {
  /** Once per run, whatever is retried. */
  open(input: OpenReviewInput): Promise<void>;
}

/** Teachers' reviews: which scorings are asked about, and how long they wait. */
export interface Reviews {
  rules: readonly ReviewRule[];
  timeoutMs: number;
  store: ReviewStore;
}

export interface Notifier {
  /** Resolves once the application has taken the event. */
  send(body: string, signal: AbortSignal): Promise<void>;
}

export interface ActivityDependencies {
  objects: ObjectStore;
  analyses: AnalysisStore;
  scorings: ScoringStore;
  digests: ContentDigests;
  lessons: LessonDirectory;
  audio: AudioEngines;
  lexicon: PronunciationLexicon;
  speech: SpeechRecogniser;
  batches: BatchDependencies;
  reconciliation: Reconciliation;
  reviews: Reviews;
  /** Null: the application is told nothing. */
  notifier: Notifier | null;
  /** Where standards lie and how large a recording may be. */
  settings: { standardBucket: string; keyRoot: string; maxBytes: number };
}

export type { ApplicationIds };
