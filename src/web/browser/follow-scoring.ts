/** Follows an upload until its scoring has ended, over lost connections and restarts of the server. */
import type { ScoringProgress } from '../../contract.ts';
import { ApiError, callApi, NetworkError } from './call-api.ts';
import type { Sent } from './send-take.ts';
import { waitFor } from './wait.ts';

export interface FollowEvents {
  /** Its workflow runs. */
  onStarted: () => void;
  onProgress: (progress: ScoringProgress) => void;
  onOffline: (hurry: () => void) => void;
  onOnline: () => void;
}

export type Ended =
  | { kind: 'completed'; scoringId: string }
  | { kind: 'failed'; scoringId: string }
  | { kind: 'replaced' }
  /** It is scored, and a teacher is asked first: that may take days. */
  | { kind: 'reviewing' };

interface UploadState {
  status: string;
  scoringId: string | null;
  links: { events: string | null };
}

/** The event is on its way for a fraction of a second. */
const ASK_AGAIN_MS = 400;
const RECONNECT_MS = 2000;
const PASSING = [404, 429, 500, 502, 503, 504];

export async function followScoring(
  { self }: Sent,
  events: FollowEvents,
  signal: AbortSignal,
): Promise<Ended> {
  for (;;) {
    let waitMs = ASK_AGAIN_MS;
    try {
      const state = await callApi<UploadState>(self, { signal });
      events.onOnline();
      const ended = endedAs(state.status, state.scoringId);
      if (ended !== null) return ended;
      if (state.status === 'scoring' && state.links.events !== null) {
        events.onStarted();
        const status = await readEvents(state.links.events, events, signal);
        const told = status === null ? null : endedAs(status, state.scoringId);
        if (told !== null) return told;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NetworkError) {
        const waiting = waitFor(RECONNECT_MS, signal);
        events.onOffline(waiting.hurry);
        await waiting.done;
        continue;
      }
      if (!(error instanceof ApiError) || !PASSING.includes(error.status)) throw error;
      waitMs = (error.retryAfterS ?? 0) * 1000 || RECONNECT_MS;
    }
    await waitFor(waitMs, signal).done;
  }
}

function endedAs(status: string, scoringId: string | null): Ended | null {
  if (status === 'replaced' || status === 'superseded' || status === 'expired') {
    return { kind: 'replaced' };
  }
  if (scoringId === null) return null;
  if (status === 'reviewing') return { kind: 'reviewing' };
  return status === 'completed' || status === 'failed' ? { kind: status, scoringId } : null;
}

/** Until `end`, with the status that it tells, or until the server refuses to go on; a lost connection is made anew by the browser. */
function readEvents(
  url: string,
  { onProgress, onOffline, onOnline }: FollowEvents,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const source = new EventSource(url);
    const leave = () => {
      source.close();
      signal.removeEventListener('abort', abort);
    };
    const abort = () => {
      leave();
      reject(signal.reason as Error);
    };
    const end = (status: string | null) => {
      leave();
      resolve(status);
    };
    source.addEventListener('open', onOnline);
    source.addEventListener('progress', ({ data }: MessageEvent<string>) =>
      onProgress(JSON.parse(data) as ScoringProgress),
    );
    source.addEventListener('end', ({ data }: MessageEvent<string>) =>
      end((JSON.parse(data) as { status: string }).status),
    );
    source.addEventListener('error', () => {
      // Connecting again by itself, or refused: then the state says how to go on.
      if (source.readyState === EventSource.CLOSED) reject(leaving(leave));
      else onOffline(() => end(null));
    });
    signal.addEventListener('abort', abort);
  });
}

function leaving(leave: () => void): NetworkError {
  leave();
  return new NetworkError('the stream of events was refused');
}
