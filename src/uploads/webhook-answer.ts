/** What the webhook answers, and what that makes the sender do. */
import type { SettledEvent } from './handle-request.ts';

export interface Answer {
  status: number;
  body: { status: string; reason?: string };
  headers?: Record<string, string>;
}

/** Senders that obey it come back when a start has had time to end. */
const AGAIN = { 'retry-after': '2' };

const REFUSALS = {
  NOT_FOUND: { status: 404, reason: 'events are sent to POST /events' },
  METHOD: { status: 405, reason: 'events are sent by POST', headers: { allow: 'POST' } },
  UNAUTHORISED: {
    status: 401,
    reason: 'token or signature is missing or wrong',
    headers: { 'www-authenticate': 'Bearer' },
  },
  CONTENT_TYPE: { status: 415, reason: 'the body must be application/json, not compressed' },
  TOO_LARGE: { status: 413, reason: 'the body is larger than any event' },
  BROKEN_OFF: { status: 400, reason: 'the request broke off' },
  BUSY: { status: 503, reason: 'too many events at once', headers: AGAIN },
  NOT_STARTED: { status: 503, reason: 'the scoring could not be started', headers: AGAIN },
  CLOSING: { status: 503, reason: 'the starter is stopping', headers: AGAIN },
} satisfies Record<string, { status: number; reason: string; headers?: Record<string, string> }>;

export function refusalOf(kind: keyof typeof REFUSALS): Answer {
  const refusal: { status: number; reason: string; headers?: Record<string, string> } =
    REFUSALS[kind];
  const { status, reason, headers } = refusal;
  return { status, body: { status: 'refused', reason }, ...(headers && { headers }) };
}

export function answerOf(outcome: SettledEvent | 'HEALTHY'): Answer {
  if (outcome === 'HEALTHY') return { status: 200, body: { status: 'ok' } };
  switch (outcome.kind) {
    case 'done':
      return { status: 200, body: { status: 'done' } };
    case 'buried':
      // Taken: a sender with a queue of its own would send it again until it is.
      return { status: 200, body: { status: 'buried', reason: outcome.reason } };
    case 'poison':
      // Kept by nobody else: the sender has it, and sending it again helps nobody.
      return { status: 400, body: { status: 'refused', reason: outcome.reason } };
  }
}
