/** Sends a take to the object store, for as long as it takes: nothing of it is lost on the way. */
import { ApiError, callApi, NetworkError } from './call-api.ts';
import type { Lesson } from './lessons.ts';
import { waitFor } from './wait.ts';

export interface Sent {
  /** Address that says what became of the upload. */
  self: string;
}

export interface SendEvents {
  /** Share of the bytes that are on their way, 0–1. */
  onProgress: (share: number) => void;
  /** There is no connection: it goes on by itself, or sooner with `hurry`. */
  onOffline: (hurry: () => void) => void;
}

export interface SendWhat {
  wav: Blob;
  lesson: Lesson;
  /** Of operators, who must say whose voice it is. */
  userId: string | null;
}

/** Why it is given up; the take is still there. */
export class SendError extends Error {
  readonly problem: 'expired' | 'send_refused';

  constructor(problem: 'expired' | 'send_refused') {
    super(problem);
    this.problem = problem;
  }
}

interface Created {
  put: { method: string; url: string; headers: Record<string, string> };
  links: { self: string };
}

const RETRY_MS = [1000, 2000, 4000, 8000];
const MOST_MS = 15_000;
/** Answers that pass: overloaded, or being restarted. */
const PASSING = [429, 500, 502, 503, 504];
const MOST_FAILURES = 6;
/** What did not arrive is sent to another address; refused thrice, it is given up for now. */
const MOST_REFUSALS = 3;

export async function sendTake(
  what: SendWhat,
  events: SendEvents,
  signal: AbortSignal,
): Promise<Sent> {
  let created: Created | null = null;
  let problem: SendError['problem'] = 'send_refused';
  let failures = 0;
  let refusals = 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      if (created !== null) {
        // Where only the answer was lost on the way, the recording lies there all the same.
        const { status } = await callApi<{ status: string }>(created.links.self, { signal });
        if (status !== 'waiting' && status !== 'expired') return sentOf(created, null);
        created = null;
        if (status === 'expired') problem = 'expired';
        refusals += 1;
        if (refusals >= MOST_REFUSALS) throw new SendError(problem);
      }
      created = await createUpload(what, signal);
      const { status, versionId } = await put(created, what.wav, events, signal);
      if (status < 300) return sentOf(created, versionId);
      problem = status === 403 ? 'expired' : 'send_refused';
      if (PASSING.includes(status)) await waitFor(backoffMs(attempt), signal).done;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NetworkError) {
        const waiting = waitFor(backoffMs(attempt), signal);
        events.onOffline(waiting.hurry);
        await waiting.done;
      } else if (error instanceof ApiError && PASSING.includes(error.status)) {
        failures += 1;
        if (failures >= MOST_FAILURES) throw error;
        await waitFor((error.retryAfterS ?? 0) * 1000 || backoffMs(attempt), signal).done;
      } else throw error;
    }
  }
}

function createUpload({ wav, lesson, userId }: SendWhat, signal: AbortSignal): Promise<Created> {
  const whose = userId === null ? {} : { userId };
  const body = { lesson, contentType: wav.type, sizeBytes: wav.size, ...whose };
  return callApi<Created>('/api/v1/uploads', { body, signal });
}

function sentOf({ links }: Created, versionId: string | null): Sent {
  if (versionId === null || versionId === 'null') return { self: links.self };
  return { self: `${links.self}?version=${encodeURIComponent(versionId)}` };
}

function backoffMs(attempt: number): number {
  return RETRY_MS[attempt] ?? MOST_MS;
}

/** By XMLHttpRequest, as fetch tells nothing about how much was sent. */
function put(
  { put: { method, url, headers } }: Created,
  wav: Blob,
  { onProgress }: SendEvents,
  signal: AbortSignal,
): Promise<{ status: number; versionId: string | null }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const leave = () => signal.removeEventListener('abort', abort);
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      leave();
      const versionId = request.getResponseHeader('x-amz-version-id');
      resolve({ status: request.status, versionId });
    };
    request.onerror = request.ontimeout = () => {
      leave();
      reject(new NetworkError('the recording was not taken'));
    };
    request.onabort = () => {
      leave();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
    onProgress(0);
    request.send(wav);
  });
}
