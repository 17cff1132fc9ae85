/**
 * The starter's loop: receive, start one workflow per upload, then delete the message. A message is
 * deleted only after every start in it was acknowledged; what goes wrong with one message comes
 * again by itself, and what goes wrong every time is moved to the dead-letter queue by the queue's
 * redrive policy.
 *
 * While Temporal refuses starts nothing is received: each receive counts towards the redrive policy,
 * and no upload may become a dead letter because Temporal was down. What is in hand then is held,
 * and one message of it tries, ever more rarely, until Temporal takes it.
 */
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScorePronunciationInput } from '../contract.ts';
import type { Log } from '../log.ts';
import { classifyUpload, type IgnoredReason, type UploadFilter } from './classify-upload.ts';
import { parseMessage } from './s3-event.ts';
import type { UploadMessage, UploadQueue } from './upload-queue.ts';

export type StartOutcome = 'started' | 'duplicate';

export interface PollDependencies {
  queue: UploadQueue;
  filter: UploadFilter;
  /** Ends within seconds, whatever Temporal does. */
  start: (input: ScorePronunciationInput) => Promise<StartOutcome>;
  /** True where a failed start says that all others would fail now, too. */
  refusesEveryStart: (error: unknown) => boolean;
  log: Log;
  /** Messages in hand at once. */
  concurrency: number;
  /** Once told to stop, everything is finished or given back within this time. */
  shutdownMs: number;
  backOff?: BackOff;
}

/** What the starter did since it runs; ignored messages by reason, poison ones at every receive. */
export interface UploadCounts {
  started: number;
  duplicate: number;
  ignored: Partial<Record<IgnoredReason | 'NOTHING_TO_SCORE' | 'POISON', number>>;
  errors: number;
  /** Starts that Temporal refused; their messages were kept. */
  refused: number;
  /** Messages given back to the queue untouched. */
  returned: number;
}

export interface BackOff {
  leastMs: number;
  mostMs: number;
  /** Messages are kept in hand this long while Temporal refuses; then another starter may try. */
  holdMs: number;
}

export const BACK_OFF: BackOff = { leastMs: 500, mostMs: 30_000, holdMs: 60_000 };
/** What SQS gives out at once. */
const BATCH = 10;
const MOST_RECEIVES_IN_FLIGHT = 5;
/** Messages in hand are held for `HOLD_S` more, so often that two misses do not matter. */
const HOLD_S = 60;
const HOLD_EVERY_MS = 20_000;
/**
 * Shares of the time to stop. First the receives in flight may answer: the queue has given out the
 * messages of an answer that we do not wait for, and nobody could give them back.
 */
const SHARE_FOR_RECEIVES = 0.1;
const SHARE_FOR_RETURNING = 0.3;

export function createPoller(deps: PollDependencies) {
  const { queue, log, concurrency, backOff = BACK_OFF } = deps;
  const counts: UploadCounts = {
    started: 0,
    duplicate: 0,
    ignored: {},
    errors: 0,
    refused: 0,
    returned: 0,
  };
  /** Received, and to be tried when there is room. */
  const held: UploadMessage[] = [];
  /** Being tried. */
  const busy = new Set<UploadMessage>();
  /** Asked for by receives in flight. */
  let asked = 0;
  let refusing = false;
  /** How many may be tried at once: one after a refusal, then one more with each success. */
  let width = concurrency;
  let stopping = false;
  const changes = new EventEmitter().setMaxListeners(0);

  return {
    counts,
    /** Runs until `signal` aborts; then finishes or gives back what it holds. */
    async run(signal: AbortSignal): Promise<void> {
      const renewal = setInterval(() => void hold([...held, ...busy], HOLD_S), HOLD_EVERY_MS);
      const receivers = Math.min(MOST_RECEIVES_IN_FLIGHT, Math.ceil(concurrency / BATCH));
      const hangUp = new AbortController();
      const onStop = () => {
        stopping = true;
        setTimeout(() => hangUp.abort(), deps.shutdownMs * SHARE_FOR_RECEIVES);
      };
      signal.addEventListener('abort', onStop, { once: true });
      try {
        const all = Array.from({ length: receivers }, () => receiveAll(signal, hangUp.signal));
        await Promise.all(all);
        await stop();
      } finally {
        clearInterval(renewal);
      }
    },
  };

  async function receiveAll(signal: AbortSignal, hungUp: AbortSignal): Promise<void> {
    let pauseMs = backOff.leastMs;
    while (!signal.aborted) {
      const room = refusing || held.length > 0 ? 0 : concurrency - busy.size - asked;
      if (room <= 0) {
        await once(changes, 'change', { signal }).catch(() => undefined);
        continue;
      }
      try {
        await receive(Math.min(BATCH, room));
        pauseMs = backOff.leastMs;
      } catch (error) {
        if (isAborted(signal)) return;
        counts.errors += 1;
        log.warn({ err: error, pauseMs }, 'the queue gives no uploads now; will try again');
        await pause(pauseMs, signal);
        pauseMs = Math.min(backOff.mostMs, pauseMs * 2);
      }
    }

    async function receive(most: number): Promise<void> {
      asked += most;
      try {
        held.push(...(await queue.receive(hungUp, most)));
      } finally {
        asked -= most;
      }
      tryHeld(signal);
    }
  }

  function tryHeld(signal: AbortSignal): void {
    while (!refusing && !stopping && busy.size < width) {
      const message = held.shift();
      if (message === undefined) break;
      void attempt(message, signal);
    }
    changes.emit('change');
  }

  /** Handles one message; whatever goes wrong with it holds up no other. */
  async function attempt(message: UploadMessage, signal: AbortSignal): Promise<void> {
    busy.add(message);
    try {
      await handle(message, deps, counts);
      if (!refusing) width = Math.min(concurrency, width + 1);
    } catch (error) {
      if (!busy.has(message)) return; // It was given back already.
      if (deps.refusesEveryStart(error)) refuse(message, error, signal);
      else fail(message, error);
    } finally {
      busy.delete(message);
      tryHeld(signal);
    }
  }

  /** Left to its visibility timeout: it comes again, and in the end to the dead letters. */
  function fail(message: UploadMessage, error: unknown): void {
    counts.errors += 1;
    log.warn({ err: error, messageId: message.id }, 'an upload could not be started');
    if (stopping) held.push(message);
  }

  function refuse(message: UploadMessage, error: unknown, signal: AbortSignal): void {
    counts.refused += 1;
    held.unshift(message);
    width = 1;
    if (refusing || stopping) return;
    refusing = true;
    log.warn({ err: error }, 'Temporal refuses starts; nothing is received until it takes one');
    void probe(signal);
  }

  /** One message after another tries alone, ever more rarely, until Temporal takes one. */
  async function probe(signal: AbortSignal): Promise<void> {
    const sinceMs = performance.now();
    let pauseMs = backOff.leastMs;
    for (let tries = 1; ; tries++) {
      await pause(pauseMs, signal);
      if (signal.aborted) return;
      const message = held.shift();
      if (message === undefined || (await isTaken(message))) {
        log.info({ tries }, 'Temporal takes starts again');
        break;
      }
      pauseMs = Math.min(backOff.mostMs, pauseMs * 2);
      // One stays, to try with. The others may have better luck with another starter.
      if (performance.now() - sinceMs > backOff.holdMs) await giveBack(held.splice(1));
    }
    refusing = false;
    tryHeld(signal);
  }

  async function isTaken(message: UploadMessage): Promise<boolean> {
    busy.add(message);
    try {
      await handle(message, deps, counts);
      return true;
    } catch (error) {
      if (!deps.refusesEveryStart(error)) {
        fail(message, error);
        return true;
      }
      counts.refused += 1;
      held.unshift(message);
      return false;
    } finally {
      busy.delete(message);
      changes.emit('change');
    }
  }

  async function stop(): Promise<void> {
    const returning = deps.shutdownMs * SHARE_FOR_RETURNING;
    const finishing = AbortSignal.timeout(
      Math.round(deps.shutdownMs * (1 - SHARE_FOR_RECEIVES - SHARE_FOR_RETURNING)),
    );
    const early = giveBack(held.splice(0));
    while (busy.size > 0 && !finishing.aborted) {
      await once(changes, 'change', { signal: finishing }).catch(() => undefined);
    }
    const late = giveBack([...held.splice(0), ...busy]);
    busy.clear();
    await within(returning, Promise.all([early, late]));
  }

  async function giveBack(messages: UploadMessage[]): Promise<void> {
    if (messages.length === 0) return;
    if (await hold(messages, 0)) counts.returned += messages.length;
  }

  /** Where it fails, the visibility timeout gives the messages back, only later. */
  async function hold(messages: UploadMessage[], seconds: number): Promise<boolean> {
    if (messages.length === 0) return true;
    try {
      await queue.hold(messages, seconds);
      return true;
    } catch (error) {
      log.warn({ err: error, messages: messages.length, seconds }, 'messages could not be held');
      return false;
    }
  }
}

/** Read anew: it may have changed while the loop waited. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Between half and all of `ms`, so that many starters do not come back at the same moment. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  const late = sleep(ms, undefined, { signal: enough.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  enough.abort();
}

async function handle(
  message: UploadMessage,
  deps: PollDependencies,
  counts: UploadCounts,
): Promise<void> {
  const parsed = parseMessage(message.body);
  switch (parsed.kind) {
    case 'ignored':
      note('NOTHING_TO_SCORE', parsed.reason);
      break;
    case 'poison':
      // Not deleted: it may be somebody's recording, and a person can read it in the dead letters.
      note('POISON', parsed.reason, 'upload event not understood; left for the dead-letter queue');
      return;
    case 'uploads':
      for (const upload of parsed.uploads) {
        const classified = classifyUpload(upload, deps.filter);
        if (classified.kind === 'ignored') note(classified.reason, classified.detail);
        else counts[await deps.start(classified.input)] += 1;
      }
      break;
  }
  await deps.queue.delete(message);

  function note(
    reason: keyof UploadCounts['ignored'],
    detail: string,
    what = 'upload ignored',
  ): void {
    counts.ignored[reason] = (counts.ignored[reason] ?? 0) + 1;
    // Keys name people: the message id finds the event, the reason says what to do.
    deps.log.warn({ messageId: message.id, reason, detail }, what);
  }
}
