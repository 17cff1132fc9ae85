/** What the API answers when it does not do what was asked: RFC 9457, with a code of the catalogue. */
import { ElocuteError, failureOf, isFailureCode, type FailureCode } from '../failures.ts';

interface ProblemKind {
  status: number;
  title: string;
  /** What whoever called should do. */
  advice: string;
}

/** Codes beside those of the failure catalogue: they are about the request, not about a scoring. */
export const problemKinds = {
  REQUEST_INVALID: {
    status: 400,
    title: 'The request is not understood.',
    advice: 'Correct the fields that are named and send it again.',
  },
  CURSOR_INVALID: {
    status: 400,
    title: 'The cursor is not one of this list.',
    advice: 'Begin without a cursor; use `nextCursor` with the same filters only.',
  },
  UNAUTHENTICATED: {
    status: 401,
    title: 'Nobody is signed in.',
    advice: 'Send a valid token as `Authorization: Bearer …`.',
  },
  FORBIDDEN: {
    status: 403,
    title: 'This is not for your role.',
    advice: 'Ask whoever gives out the tokens.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    title: 'The request comes from another page.',
    advice: 'Call it from the pages of this server, or with a bearer token.',
  },
  NOT_FOUND: {
    status: 404,
    title: 'There is nothing here for you.',
    advice: 'Check the address; what belongs to others is not shown.',
  },
  CONFLICT: {
    status: 409,
    title: 'That cannot be done now.',
    advice: 'Read the detail, look at the present state, and try again where it makes sense.',
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The request is too large.',
    advice: 'Send less. Recordings go to the presigned address, not here.',
  },
  CONTENT_TYPE_UNKNOWN: {
    status: 415,
    title: 'The body is not of a type that is read here.',
    advice: 'Send JSON as `content-type: application/json`.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests.',
    advice: 'Wait as long as Retry-After says.',
  },
  STREAMS_EXHAUSTED: {
    status: 429,
    title: 'Too many streams of events are open.',
    advice: 'Close one, or wait as long as Retry-After says.',
  },
  KEYS_UNAVAILABLE: {
    status: 503,
    title: 'The keys that tokens are checked with do not answer.',
    advice: 'Send the request again in a moment.',
  },
  STOPPING: {
    status: 503,
    title: 'This process is being stopped.',
    advice: 'Send the request again: another process answers.',
  },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds | FailureCode;

export interface FieldProblem {
  /** Where: `body.lesson.level`. */
  field: string;
  message: string;
}

export interface ProblemOptions {
  fields?: FieldProblem[];
  retryAfterS?: number;
  cause?: unknown;
}

/** Thrown by handlers; `detail` is shown to whoever called. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly fields: FieldProblem[];
  readonly retryAfterS: number | undefined;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, options.cause === undefined ? {} : { cause: options.cause });
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterS = options.retryAfterS;
  }
}

/** How failures of the catalogue are answered where a request meets them; 500: ours. */
const FAILURE_STATUS: Partial<Record<FailureCode, number>> = {
  KEY_MALFORMED: 400,
  STANDARD_MISSING: 404,
  UPLOAD_GONE: 404,
  AUDIO_UNSUPPORTED: 415,
  AUDIO_EMPTY: 400,
  AUDIO_TOO_LARGE: 413,
  DATABASE_UNAVAILABLE: 503,
  STORAGE_UNAVAILABLE: 503,
  TEMPORAL_UNAVAILABLE: 503,
  STORAGE_DENIED: 503,
};

/** An outage of what the process needs mostly passes within this. */
const RETRY_AFTER_S = 5;

export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ProblemCode;
  /** What to do. */
  advice: string;
  /** Of this request, as in the log. */
  requestId: string;
  errors?: FieldProblem[];
}

/** `retryAfterS` becomes the header. */
export function problemOf(
  problem: Problem,
  requestId: string,
): { document: ProblemDocument; retryAfterS: number | undefined } {
  const { code, message: detail, fields } = problem;
  const { status, title, advice } = kindOf(code);
  const retryAfterS = problem.retryAfterS ?? (status === 503 ? RETRY_AFTER_S : undefined);
  const errors = fields.length === 0 ? {} : { errors: fields };
  const type = `urn:elocute:problem:${code}`;
  return {
    document: { type, title, status, detail, code, advice, requestId, ...errors },
    retryAfterS,
  };
}

export function statusOf(code: ProblemCode): number {
  return kindOf(code).status;
}

function kindOf(code: ProblemCode): ProblemKind {
  if (!isFailureCode(code)) return problemKinds[code];
  const status = FAILURE_STATUS[code] ?? 500;
  // Whoever calls is no operator: what he should mend stands in the log.
  const { learner, operator } = failureOf(code);
  if (status >= 500) {
    const advice = status === 503 ? 'Send the request again in a moment.' : 'Report it.';
    return { status, title: 'Something that is needed does not answer.', advice };
  }
  return { status, title: learner, advice: operator };
}

/** What an error of a handler is to the caller: nothing of its text, unless it is meant for him. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = error instanceof ElocuteError ? error.code : 'INTERNAL';
  const { status } = kindOf(code);
  const detail =
    status === 503
      ? 'A service behind this one does not answer.'
      : status === 500
        ? 'A bug: the log has the request id.'
        : (error as Error).message;
  return new Problem(code, detail, { cause: error });
}
