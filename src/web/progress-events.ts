/** The progress of a scoring as server-sent events, until it has ended or nobody listens any more. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScoringProgress, ScoringStatus } from '../contract.ts';
import { isFailureCode } from '../failures.ts';
import type { FoundScoring } from './find-scoring.ts';
import { isRunning, LOST } from './show-scoring.ts';
import type { ShownProgress } from './shown-progress.ts';
import type { WebDependencies } from './web-ports.ts';

export interface EventOptions {
  /** What of it whoever listens may see. */
  show: (progress: ScoringProgress) => ShownProgress;
  /** `Last-Event-ID`: what the client has seen is not sent again. */
  lastEventId: string | null;
  /** Aborts when the client has gone or the process stops. */
  signal: AbortSignal;
  pollMs?: number;
  heartbeatMs?: number;
  mostMs?: number;
}

/** A step takes about a second. */
const POLL_MS = 400;
/** Proxies close what is silent for 30 to 60 s. */
const HEARTBEAT_MS = 15_000;
/** The client comes again by itself; a stream that is forgotten must end. */
const MOST_MS = 10 * 60_000;
const RETRY = 'retry: 2000\n\n';

type Ports = Pick<WebDependencies, 'scorings' | 'workflows'>;

/**
 * `progress` events while it runs, each with all steps; then one `end` event with the status. Its id
 * is a digest of the state, so that a client that comes again is told only what is new.
 */
export async function* progressEvents(
  found: FoundScoring,
  ports: Ports,
  options: EventOptions,
): AsyncGenerator<string> {
  try {
    yield* untilItEnds(found, ports, options);
  } catch (error) {
    // Whoever stopped it wants no more of it; else the client comes again by itself.
    if (!options.signal.aborted) throw error;
  }
}

async function* untilItEnds(
  found: FoundScoring,
  ports: Ports,
  {
    show,
    lastEventId,
    signal,
    pollMs = POLL_MS,
    heartbeatMs = HEARTBEAT_MS,
    mostMs = MOST_MS,
  }: EventOptions,
): AsyncGenerator<string> {
  yield RETRY;
  let seen = lastEventId;
  let spokeAtMs = performance.now();
  const untilMs = spokeAtMs + mostMs;
  let scoring = found;
  while (!signal.aborted && performance.now() < untilMs) {
    if (!isRunning(scoring)) {
      yield endOf(scoring);
      return;
    }
    const asked = ports.workflows.progress(scoring.workflowId, signal);
    const progress = await unlessAborted(signal, asked);
    if (progress !== null) {
      const { id, text } = progressEvent(show(progress));
      if (id !== seen) {
        yield text;
        seen = id;
        spokeAtMs = performance.now();
      }
    }
    if (performance.now() - spokeAtMs >= heartbeatMs) {
      yield ': heartbeat\n\n';
      spokeAtMs = performance.now();
    }
    // The row is written before the workflow closes, and is looked at once it says so.
    if (progress?.status === 'reviewing') {
      // Days, maybe: whoever waits is told so, and comes again when he likes.
      yield endEvent(scoring.id, 'reviewing', null);
      return;
    }
    const over = progress === null || progress.status !== 'scoring';
    if (over) scoring = await lookAgain(scoring, ports, signal);
    if (isRunning(scoring)) await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

async function lookAgain(
  scoring: FoundScoring,
  { scorings, workflows }: Ports,
  signal: AbortSignal,
): Promise<FoundScoring> {
  const row = await scorings.find(scoring.id);
  // Of another run than before: it has ended.
  if (row !== null && row.runId !== scoring.row?.runId) return { ...scoring, row, workflow: null };
  const workflow = await workflows.look(scoring.workflowId, signal);
  // Closed without a row of its own: terminated, or its failure could not be stored.
  if (workflow?.running === true) return { ...scoring, row, workflow };
  return { ...scoring, row: row ?? scoring.row, workflow: null };
}

function progressEvent(progress: ShownProgress): { id: string; text: string } {
  const data = JSON.stringify(progress);
  const id = createHash('sha256').update(data).digest('base64url').slice(0, 16);
  return { id, text: `event: progress\nid: ${id}\ndata: ${data}\n\n` };
}

function endOf({ id, row }: FoundScoring): string {
  return endEvent(id, row?.status ?? 'failed', row === null ? LOST : row.failureCode);
}

function endEvent(id: string, status: ScoringStatus, code: string | null): string {
  const data = JSON.stringify({ id, status, failureCode: isFailureCode(code) ? code : null });
  return `event: end\nid: end-${status}\ndata: ${data}\n\n`;
}

/** The place of a client that has gone is free at once, whatever is still being waited for. */
async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { signal: ended.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    ended.abort();
    work.catch(() => undefined);
  }
}
