/**
 * The failure catalogue: every way a scoring can fail, what the operator should do about it, and
 * what the learner reads. Codes are stable: they stand in rows, search attributes and alerts.
 */
import { ApplicationFailure } from '@temporalio/common';
import { boundedCause } from './failures/bounded-cause.ts';
import { learnerKo } from './failures/learner-ko.ts';

export interface Failure {
  /** May the same attempt pass later without anybody changing anything? */
  retryable: boolean;
  /** Retryable, but give up after this many attempts (bugs and crashes, not outages). */
  maxAttempts?: number;
  /** Can a replay help once somebody has mended the cause? */
  replayable: boolean;
  /** What happened and what to do, for the engineer on call. */
  operator: string;
  /** What the learner reads in `feedback`, in English. */
  learner: string;
}

const RECORD_AGAIN = 'Please record the sentence again.';
const OUR_FAULT =
  'Something went wrong on our side. Your recording is safe; we will score it soon.';
const LESSON_FAULT =
  'This lesson line has a problem on our side. Your recording is safe; we will score it soon.';

/** Of a batch: no learner ever reads it. */
const SCORE_STAYS = 'Your earlier score stays as it was.';

const SCORE_THERE = 'Your score is there; it may take a while until you see it.';

export const failures = {
  KEY_MALFORMED: {
    retryable: false,
    replayable: false,
    operator:
      'The object key does not follow {root}/{userId}/{contentType}/level_{n}/{Title}/audio_line_{n}.wav (or .flac, .mp3, .ogg, .opus, .webm, .m4a). Correct the uploading application.',
    learner: OUR_FAULT,
  },
  UPLOAD_GONE: {
    retryable: false,
    replayable: false,
    operator: 'The learner recording was deleted before it could be read. Nothing to do.',
    learner: `Your recording was deleted before it was scored. ${RECORD_AGAIN}`,
  },
  UPLOAD_REPLACED: {
    retryable: false,
    replayable: false,
    operator:
      'A newer recording replaced this one before it was read; the newer one has its own scoring.',
    learner: 'A newer recording of this sentence replaced this one.',
  },
  STANDARD_MISSING: {
    retryable: false,
    replayable: true,
    operator:
      'The standard recording of this lesson line is not in the standard bucket. Upload it, then replay.',
    learner: LESSON_FAULT,
  },
  STANDARD_UNUSABLE: {
    retryable: false,
    replayable: true,
    operator: 'The standard recording cannot be analysed (see the cause). Replace it, then replay.',
    learner: LESSON_FAULT,
  },
  SENTENCE_UNKNOWN: {
    retryable: false,
    replayable: true,
    operator:
      'No sentence: no .txt beside the standard recording, none from LESSON_QUERY, and the recogniser could not read it from the standard. Put the .txt there, then replay.',
    learner: LESSON_FAULT,
  },
  SENTENCE_INVALID: {
    retryable: false,
    replayable: true,
    operator:
      'The sentence is empty, too long, or not English text in UTF-8. Correct the .txt or the lesson row, then replay.',
    learner: LESSON_FAULT,
  },
  WORD_UNPRONOUNCEABLE: {
    retryable: false,
    replayable: true,
    operator:
      'A word of the sentence has no pronunciation (the message names it). Spell it out in the .txt, then replay.',
    learner: LESSON_FAULT,
  },
  AUDIO_UNSUPPORTED: {
    retryable: false,
    replayable: false,
    operator:
      'No format that can be decoded here (the message names it). Have the application upload WAV, FLAC, MP3, Ogg Opus, WebM Opus, or M4A (AAC), which needs ffmpeg on the worker (docs/formats.md); once that is installed, elocute replay --force.',
    learner: `We could not read this kind of file. ${RECORD_AGAIN}`,
  },
  AUDIO_DAMAGED: {
    retryable: false,
    replayable: false,
    operator:
      'The recording is cut off, its header contradicts itself, or its decoder gave up (see the message). Check the recorder.',
    learner: `Your recording arrived damaged. ${RECORD_AGAIN}`,
  },
  AUDIO_EMPTY: {
    retryable: false,
    replayable: false,
    operator: 'The file holds no audio samples. Check the recorder.',
    learner: `Your recording is empty. Check that your microphone is on. ${RECORD_AGAIN}`,
  },
  AUDIO_TOO_LARGE: {
    retryable: false,
    replayable: true,
    operator: 'The file is larger than AUDIO_MAX_BYTES. Raise it and replay, or limit the upload.',
    learner: 'Your recording is too large. Please record only the sentence.',
  },
  AUDIO_TOO_LONG: {
    retryable: false,
    replayable: true,
    operator:
      'The recording is longer than AUDIO_MAX_SECONDS. Raise it and replay, or limit the upload.',
    learner: 'Your recording is too long. Please record only the sentence.',
  },
  SPEECH_REJECTED: {
    retryable: false,
    replayable: true,
    operator:
      'The speech service refused the request (see the cause). The same recording will not pass unchanged: check SPEECH_MODEL and SPEECH_LANGUAGE, then replay.',
    learner: OUR_FAULT,
  },
  SPEECH_UNAVAILABLE: {
    retryable: true,
    replayable: true,
    operator: 'The speech service did not answer or failed. Retried by itself; check its status.',
    learner: OUR_FAULT,
  },
  SPEECH_QUOTA: {
    retryable: true,
    replayable: true,
    operator:
      'The speech quota is exhausted. Retried slowly by itself; raise the quota if it stays.',
    learner: OUR_FAULT,
  },
  SPEECH_DENIED: {
    retryable: false,
    replayable: true,
    operator:
      'The speech service refused our credentials. Every scoring is hit: mend the credentials, then replay.',
    learner: OUR_FAULT,
  },
  STORAGE_UNAVAILABLE: {
    retryable: true,
    replayable: true,
    operator: 'S3 did not answer or failed. Retried by itself; check its status and the network.',
    learner: OUR_FAULT,
  },
  STORAGE_DENIED: {
    retryable: false,
    replayable: true,
    operator:
      "S3 refused access. Grant s3:GetObject (and s3:GetObjectVersion) on both buckets and s3:ListBucket on the user bucket, then replay. One object alone: its own grants, or its encryption (a KMS key that we may not use, a customer's own key).",
    learner: OUR_FAULT,
  },
  DATABASE_UNAVAILABLE: {
    retryable: true,
    replayable: true,
    operator: 'PostgreSQL did not answer. Retried by itself until it is back.',
    learner: OUR_FAULT,
  },
  DATABASE_REJECTED: {
    retryable: false,
    replayable: true,
    operator:
      'PostgreSQL refused a statement (see the cause): a migration, a grant or a column is missing. Mend it, then replay.',
    learner: OUR_FAULT,
  },
  TEMPORAL_UNAVAILABLE: {
    retryable: true,
    replayable: true,
    operator:
      'Temporal did not take a start or did not answer (reconciliation only). Retried by itself; check the cluster and its limits.',
    learner: OUR_FAULT,
  },
  ANALYSIS_CRASHED: {
    retryable: true,
    maxAttempts: 3,
    replayable: true,
    operator:
      'An analysis crashed, ran out of time or memory, or could not start ffmpeg (the message says which), three times. Mend the machine and replay; where it is the recording, keep it and report it.',
    learner: OUR_FAULT,
  },
  ANALYSES_MISSING: {
    retryable: false,
    replayable: true,
    operator:
      'The analyses that this scoring was made from are not kept any more, or not known (the message names them). Replay the scoring: it analyses the recordings again.',
    learner: SCORE_STAYS,
  },
  SCORING_UNKNOWN: {
    retryable: false,
    replayable: false,
    operator:
      'No completed scoring of ours has this id: it is unknown, failed, was superseded, or a teacher has overridden its scores. Take it out of the list.',
    learner: SCORE_STAYS,
  },
  BATCH_PLAN_STALE: {
    retryable: false,
    replayable: true,
    operator:
      'The score is not what was planned: it changed since, or another version of the worker computed it. Nothing was written; rescore it in a new batch.',
    learner: SCORE_STAYS,
  },
  BATCH_ITEMS_INVALID: {
    retryable: false,
    replayable: false,
    operator:
      'The file of items is gone or holds a line that is not {"id": "64 hex digits"} (the message says which). Correct it and start a new batch.',
    learner: SCORE_STAYS,
  },
  BATCH_MOVES_TOO_FAR: {
    retryable: false,
    replayable: true,
    operator:
      'Scores would move by more than --max-move, so nothing was written. Read the report; then start again with --yes, or with a larger --max-move.',
    learner: SCORE_STAYS,
  },
  BATCH_TOLERANCE_EXCEEDED: {
    retryable: false,
    replayable: true,
    operator:
      'More items failed than is tolerated; no more were started. Mend what the report names, or raise --tolerate, and start again: what is written already is found unchanged.',
    learner: SCORE_STAYS,
  },
  NOTIFY_UNAVAILABLE: {
    retryable: true,
    replayable: true,
    operator:
      'The application did not take an event at NOTIFY_URL (the message says what it answered). The score is stored. Retried by itself for a day; then the application finds it in its row alone.',
    learner: SCORE_THERE,
  },
  NOTIFY_REFUSED: {
    retryable: false,
    replayable: false,
    operator:
      'NOTIFY_URL answered 410, or leads to a private address, so the event was not sent again. The score is stored. Correct NOTIFY_URL, or set NOTIFY_ALLOW_PRIVATE=true where that is meant.',
    learner: SCORE_THERE,
  },
  CANCELLED: {
    retryable: false,
    replayable: true,
    operator: 'Somebody cancelled the workflow. Replay it if that was a mistake.',
    learner: 'Scoring of this recording was cancelled.',
  },
  TIMED_OUT: {
    retryable: false,
    replayable: true,
    operator: 'A step did not finish in its time, retries included. Check workers, then replay.',
    learner: OUR_FAULT,
  },
  INTERNAL: {
    retryable: true,
    maxAttempts: 3,
    replayable: true,
    operator: 'A bug: no catalogue entry fits (see the cause). Report it; replay after the fix.',
    learner: OUR_FAULT,
  },
} as const satisfies Record<string, Failure>;

export type FailureCode = keyof typeof failures;

/** The learner's words for a failure, in the language of the advice. */
export function learnerMessage(code: FailureCode, language: 'en' | 'ko'): string {
  return language === 'ko' ? learnerKo[code] : failures[code].learner;
}

/** Codes that say that the upload no longer counts: an outcome that was to be expected, no fault. */
const SUPERSEDING: readonly FailureCode[] = ['UPLOAD_REPLACED', 'UPLOAD_GONE'];

export function isSuperseding(code: FailureCode): boolean {
  return SUPERSEDING.includes(code);
}

/** Why an upload does not count any more, for operators; `code`: why it was not scored. */
export function supersededText(code: FailureCode | null): string {
  if (code === 'UPLOAD_GONE') return 'The recording was deleted before it could be read.';
  const newer = 'A newer recording replaced this one; the newer one has its own scoring.';
  if (code === null) return `${newer} What this one scored is kept here alone.`;
  return code === 'UPLOAD_REPLACED' ? newer : `${newer} This one had failed: ${code}.`;
}

export function isFailureCode(value: unknown): value is FailureCode {
  return typeof value === 'string' && Object.hasOwn(failures, value);
}

export function failureOf(code: FailureCode): Failure {
  return failures[code];
}

export interface FailureOptions {
  cause?: unknown;
  /** Wait at least this long before the next attempt. */
  nextRetryDelayMs?: number;
}

/**
 * An expected failure with its catalogue code. Pure code, adapters and activities throw it;
 * `toApplicationFailure` translates it for Temporal at the activity border.
 * `message` is for the operator: what happened, never audio, keys or personal data.
 */
export class ElocuteError extends Error {
  override readonly name = 'ElocuteError';
  readonly code: FailureCode;
  readonly nextRetryDelayMs: number | undefined;

  constructor(code: FailureCode, message: string, options: FailureOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.nextRetryDelayMs = options.nextRetryDelayMs;
  }
}

/** What Temporal carries: the catalogue code is the failure's `type`. `attempt` counts from 1. */
export function toApplicationFailure(error: unknown, attempt: number): ApplicationFailure {
  const code = error instanceof ElocuteError ? error.code : 'INTERNAL';
  const failure = failureOf(code);
  const exhausted = failure.maxAttempts !== undefined && attempt >= failure.maxAttempts;
  const delay = error instanceof ElocuteError ? error.nextRetryDelayMs : undefined;
  return ApplicationFailure.create({
    type: code,
    message: error instanceof Error ? error.message : String(error),
    nonRetryable: !failure.retryable || exhausted,
    ...(error instanceof Error ? { cause: boundedCause(error) } : {}),
    ...(delay === undefined ? {} : { nextRetryDelay: delay }),
  });
}
