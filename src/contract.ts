/** What crosses processes: names, ids, inputs, results, the progress query. Plain JSON only. */
import type { ReviewEnd, ReviewWanted } from './contract/review.ts';
import type { FailureCode } from './failures.ts';

export const SCORE_PRONUNCIATION = 'scorePronunciation';

/** Each kind of work has its own queue, so that one kind can be limited without starving another. */
export interface TaskQueues {
  /** Workflows and short activities. */
  scoring: string;
  /** Calls to the speech service: limited by quota. */
  speech: string;
  /** Signal processing in threads: limited by cores. */
  audio: string;
}

export function taskQueuesOf(base: string): TaskQueues {
  return { scoring: base, speech: `${base}-speech`, audio: `${base}-audio` };
}

/** Search attributes that the namespace must have; never personal data, they are not encrypted. */
export const searchAttributes = {
  ElocuteStatus: 'Keyword',
  ElocuteContentType: 'Keyword',
  ElocuteLevel: 'Int',
  ElocuteLesson: 'Keyword',
  ElocuteOverall: 'Double',
  ElocuteFailureCode: 'Keyword',
} as const;

export type RecordingRole = 'learner' | 'standard';

/** One version of one object. */
export interface ObjectRef {
  bucket: string;
  key: string;
  /** Null where the bucket keeps no versions; then `etag` pins the content. */
  versionId: string | null;
  /** Without quotes. Null only where the event did not carry it. */
  etag: string | null;
}

export interface UploadRef extends ObjectRef {
  /** Orders events of the same key; null where the store sends none. */
  sequencer: string | null;
  /** When the store announced it; absent where the event did not say. */
  eventAtMs?: number;
}

export interface LessonLine {
  contentType: string;
  level: number;
  /** With spaces, as in the standard bucket. */
  title: string;
  line: number;
}

/** A recording whose content is known: analyses are kept under its digest. */
export interface RecordingRef {
  role: RecordingRole;
  object: ObjectRef;
  /** SHA-256 of the bytes, hex. */
  sha256: string;
  /** What its bytes say that it is; absent: WAV. */
  format?: string;
}

/** Points at a kept analysis: its key in `elocute.analysis`. */
export interface AnalysisRef {
  key: string;
  /** True where it was kept already and cost nothing. */
  cached: boolean;
}

export interface ScorePronunciationInput {
  scoringId: string;
  upload: UploadRef;
  userId: string;
  lesson: LessonLine;
  /** A newer version of the object was there when this was started: it is recorded and not scored. */
  overtaken?: true;
}

/** The figures of a scoring: 0–100 scores, 0–1 similarities, null where undefined. */
export interface ScoreSummary {
  attempt: string;
  overall: number | null;
  accuracy: number | null;
  fluency: number | null;
  prosody: number | null;
  pitchSimilarity: number | null;
  rhythmSimilarity: number | null;
  speedRatio: number | null;
  pauseSimilarity: number | null;
  mispronouncedRatio: number | null;
}

/** How a scoring ends where nothing failed. Results of older workflows have no kind: completed. */
export type ScorePronunciationResult =
  | {
      kind: 'completed';
      scoringId: string;
      applicationRowId: string | null;
      summary: ScoreSummary;
    }
  | {
      /** A newer version of the object counts, or this one was deleted before it could be read. */
      kind: 'superseded';
      scoringId: string;
      applicationRowId: string | null;
      /** Null where it was not scored. */
      summary: ScoreSummary | null;
      /** Why it was not scored. */
      failureCode: FailureCode | null;
    };

export type StepState = 'waiting' | 'running' | 'done' | 'kept' | 'failed' | 'cancelled';

export interface ProgressStep {
  name: string;
  state: StepState;
}

export interface ScoringProgress {
  status: ScoringStatus;
  steps: ProgressStep[];
  summary: ScoreSummary | null;
  failureCode: FailureCode | null;
  /** Only where a teacher is waited for: why, and until when. */
  review?: { because: string; untilMs: number };
}

/** How a row of `elocute.scoring` stands; every one is final, and a failed one may be replayed. */
export type FinalStatus = 'completed' | 'failed' | 'superseded';

export type ScoringStatus = 'scoring' | 'reviewing' | FinalStatus;

export const PROGRESS_QUERY = 'progress';

/** `score-` and the first 32 hex digits of the scoring id: no name, no key. */
export function workflowIdFor(scoringId: string): string {
  return `score-${scoringId.slice(0, 32)}`;
}

/** The title of a scoring in the Web UI; says which lesson line, not whose voice. */
export function summaryOf(lesson: LessonLine): string {
  return `${lesson.contentType} · level ${lesson.level} · ${lesson.title} · line ${lesson.line}`;
}

/** Below the title: where the outcome is found once Temporal has forgotten the run. */
export function explanationOf(scoringId: string): string {
  const id = scoringId.slice(0, 12);
  return `Scoring \`${id}\`: \`elocute status ${id}\` shows its row, scores and advice at any time.`;
}

/** The lesson as a search attribute. */
export function lessonAttribute(lesson: LessonLine): string {
  return `${lesson.contentType}/level_${lesson.level}/${lesson.title}`;
}

// What each activity takes and gives.

export interface ResolveLessonInput {
  scoringId: string;
  upload: UploadRef;
  lesson: LessonLine;
  userId: string;
  overtaken?: true;
}

export interface ApplicationIds {
  userId: string;
  contentTypeId: string | null;
  objectId: string | null;
}

export interface ResolvedLesson {
  learner: RecordingRef;
  standard: RecordingRef;
  /** Null: unknown, to be recognised from the standard. */
  sentence: string | null;
  ids: ApplicationIds;
  /** When the learner's object was last modified; absent or null: unknown. */
  objectModifiedAtMs?: number | null;
}

/** The answer for an upload whose scoring stands already: it was announced once more. */
export interface FinishedScoring {
  finished: {
    status: Exclude<FinalStatus, 'failed'>;
    applicationRowId: string | null;
    summary: ScoreSummary | null;
    failureCode: FailureCode | null;
  };
}

export interface TranscribeSpeechInput {
  recording: RecordingRef;
  sentence: string | null;
}

export interface TranscribedSpeech {
  analysis: AnalysisRef;
  text: string;
  wordCount: number;
}

export interface TrackPitchInput {
  recording: RecordingRef;
}

export interface TrackedPitch {
  analysis: AnalysisRef;
  durationS: number;
}

export interface AlignPhonesInput {
  recording: RecordingRef;
  sentence: string;
}

export interface AlignedPhones {
  analysis: AnalysisRef;
  aligned: boolean;
}

export interface ScoreRecordingInput {
  sentence: string;
  learner: { transcript: string; pitch: string; alignment: string };
  standard: { pitch: string; alignment: string };
  /** Absent where an older workflow asks, and in a rescoring: then no review is wanted. */
  lesson?: LessonLine;
}

export interface ScoredRecording {
  analysis: AnalysisRef;
  summary: ScoreSummary;
  /** Only where a teacher is to look at it first. */
  review?: ReviewWanted;
}

interface SaveInput {
  scoringId: string;
  upload: UploadRef;
  lesson: LessonLine;
  workflowId: string;
  runId: string;
  startedAtMs: number;
  /** Orders versions whose events carry no sequencer; absent or null: unknown. */
  objectModifiedAtMs?: number | null;
  /** How the teacher's review ended, where there was one. */
  review?: ReviewEnd;
}

export interface SaveScoreInput extends SaveInput {
  ids: ApplicationIds;
  sentence: string;
  /** What was compared with; absent where an older workflow asks. */
  standard?: RecordingRef;
  /** Key of the kept result. */
  resultKey: string;
}

export interface SaveFailureInput extends SaveInput {
  userId: string;
  ids: ApplicationIds | null;
  /** Null where it was not found; absent where an older workflow asks. */
  standard?: RecordingRef | null;
  code: FailureCode;
  message: string;
}

export interface SavedScoring {
  /** Null where the application's table refused the row of a failure. */
  applicationRowId: string | null;
  /** False where the same outcome stood there already. */
  changed: boolean;
  /** How our row stands now; absent in the answers of older workers. */
  status?: FinalStatus;
  /** True where the application is to be told. */
  notify?: true;
}
