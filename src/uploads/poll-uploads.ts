/**
 * The starter's loop: receive, start one workflow per upload, then delete the message. A message is
 * deleted only after every start in it was acknowledged; what goes wrong with one message comes
 * again by itself, and what goes wrong every time is moved to the dead-letter queue by the queue's
 * redrive policy. What is not understood is sent there at once, with the reason.
 *
 * In an outage, when Temporal refuses starts or S3 does not answer, nothing is received: each receive
 * counts towards the redrive policy, and no upload may become a dead letter because Temporal was
 * down. What is in hand then is held, and one message after another tries, ever more rarely, until one
 * passes. Should it be the fault of those in hand, a fresh one is received now and then to try with;
 * and a message that is refused while others pass is left to its visibility timeout like any other
 * that fails.
 */
import { EventEmitter, once } from 'node:events';
import { buryPoison } from './bury-poison.ts';
import type { DeadLetterSink } from './dead-letters.ts';
import {
  handleEvent,
  noUploads,
  type EventDependencies,
  type UploadCounts,
} from './handle-event.ts';
import { createRefusedMessages } from './refused-messages.ts';
import type { UploadMessage, UploadQueue } from './upload-queue.ts';
import { pause, within } from './waits.ts';

export interface PollDependencies extends EventDependencies {
  queue: UploadQueue;
  deadLetters: DeadLetterSink;
  /** True where what failed one message would fail every other now, too. */
  isOutage: (error: unknown) => boolean;
  /** Messages in hand at once. */
  concurrency: number;
  /** Once told to stop, everything is finished or given back within this time. */
  shutdownMs: number;
  backOff?: BackOff;
  /** How often what is in hand is held for longer. */
  renewEveryMs?: number;
}

export interface BackOff {
  leastMs: number;
  mostMs: number;
  /**
   * Messages are kept in hand this long in an outage; then another starter may try. So long, too, a
   * message may be refused while others pass.
   */
  holdMs: number;
}

export const BACK_OFF: BackOff = { leastMs: 500, mostMs: 30_000, holdMs: 60_000 };
/**
 * The first fresh message of an outage is received after this share of `holdMs`, the next after twice
 * the time: an upload that waits behind a refused one waits seconds, and a long outage costs few
 * messages a receive, and none of them a second one.
 */
const SHARE_BEFORE_FRESH = 1 / 8;
/** What SQS gives out at once. */
const BATCH = 10;
const MOST_RECEIVES_IN_FLIGHT = 5;
/** Messages in hand are held for `HOLD_S` more, so often that two misses do not matter. */
const HOLD_S = 60;
const RENEW_EVERY_MS = 20_000;
/**
 * Shares of the time to stop. First the receives in flight may answer: the queue has given out the
 * messages of an answer that we do not wait for, and nobody could give them back.
 */
const SHARE_FOR_RECEIVES = 0.1;
const SHARE_FOR_RETURNING = 0.3;

export function createPoller(deps: PollDependencies, counts: UploadCounts = noUploads()) {
  const { queue, log, concurrency, backOff = BACK_OFF } = deps;
  /** Received, and to be tried when there is room. */
  const held: UploadMessage[] = [];
  /** Being tried. */
  const busy = new Set<UploadMessage>();
  /** Asked for by receives in flight. */
  let asked = 0;
  let outage = false;
  /** In an outage: messages still to be received in addition, to try with. */
  let fresh = 0;
  /** How many may be tried at once: one after an outage, then one more with each success. */
  let width = concurrency;
  let stopping = false;
  const changes = new EventEmitter().setMaxListeners(0);
  const refused = createRefusedMessages(deps, backOff.holdMs);
  const watchedDeps = { ...deps, ...refused.watched };

  return {
    counts,
    /** Runs until `signal` aborts; then finishes or gives back what it holds. */
    async run(signal: AbortSignal): Promise<void> {
      let renewed: Promise<unknown> = Promise.resolve();
      const renewal = setInterval(() => {
        const both = [renewed, hold([...held, ...busy], HOLD_S)];
        renewed = Promise.all(both).then(() => undefined);
      }, deps.renewEveryMs ?? RENEW_EVERY_MS);
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
        await stop(renewal, () => renewed);
      } finally {
        clearInterval(renewal);
      }
    },
  };

  async function receiveAll(signal: AbortSignal, hungUp: AbortSignal): Promise<void> {
    let pauseMs = backOff.leastMs;
    while (!signal.aborted) {
      const room = roomNow();
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
        const received = await queue.receive(hungUp, most);
        fresh = Math.max(0, fresh - received.length);
        // Before those that were refused already.
        held.unshift(...received);
      } finally {
        asked -= most;
      }
      tryHeld(signal);
    }
  }

  /** How many messages may be asked for now. */
  function roomNow(): number {
    const room = concurrency - busy.size - asked;
    if (!outage) return held.length > 0 ? 0 : room;
    return Math.min(fresh - asked, room - held.length);
  }

  function tryHeld(signal: AbortSignal): void {
    while (!outage && !stopping && busy.size < width) {
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
      await handle(message, watchedDeps, counts);
      if (!outage) width = Math.min(concurrency, width + 1);
    } catch (error) {
      if (!busy.has(message)) return; // It was given back already.
      if (deps.isOutage(error)) refuse(message, error, signal);
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
    if (!isKept(message, error)) return;
    width = 1;
    if (outage || stopping) return;
    outage = true;
    log.warn({ err: error }, 'no upload can be started now; none is received until one can');
    void probe(signal);
  }

  /** Behind all others, which may pass; false where it is this message that cannot. */
  function isKept(message: UploadMessage, error: unknown): boolean {
    counts.refused += 1;
    if (refused.isOwnMatter(message, error)) {
      fail(message, error);
      return false;
    }
    held.push(message);
    return true;
  }

  /** One message after another tries alone, ever more rarely, until one is started. */
  async function probe(signal: AbortSignal): Promise<void> {
    const sinceMs = performance.now();
    let pauseMs = backOff.leastMs;
    let isGivenBack = false;
    let freshAfterMs = backOff.holdMs * SHARE_BEFORE_FRESH;
    for (let tries = 1; ; tries++) {
      await pause(pauseMs, signal);
      if (signal.aborted) return;
      const message = held.shift();
      if (message === undefined || (await isTaken(message))) {
        log.info({ tries }, 'uploads are started again');
        break;
      }
      pauseMs = Math.min(backOff.mostMs, pauseMs * 2);
      const lastedMs = performance.now() - sinceMs;
      // One stays, to try with. The others may have better luck with another starter.
      if (!isGivenBack && lastedMs > backOff.holdMs) {
        isGivenBack = true;
        await giveBack(held.splice(0, held.length - 1));
      }
      if (lastedMs > freshAfterMs) {
        freshAfterMs = lastedMs * 2;
        fresh = 1;
        changes.emit('change');
      }
    }
    outage = false;
    fresh = 0;
    tryHeld(signal);
  }

  async function isTaken(message: UploadMessage): Promise<boolean> {
    busy.add(message);
    try {
      await handle(message, watchedDeps, counts);
      return true;
    } catch (error) {
      if (deps.isOutage(error)) return !isKept(message, error);
      fail(message, error);
      return true;
    } finally {
      busy.delete(message);
      changes.emit('change');
    }
  }

  /** What is given back must not be held again by a renewal that lands after it. */
  async function stop(renewal: NodeJS.Timeout, renewed: () => Promise<unknown>): Promise<void> {
    const returning = deps.shutdownMs * SHARE_FOR_RETURNING;
    clearInterval(renewal);
    const settled = within(returning, renewed());
    const finishing = AbortSignal.timeout(
      Math.round(deps.shutdownMs * (1 - SHARE_FOR_RECEIVES - SHARE_FOR_RETURNING)),
    );
    const early = settled.then(() => giveBack(held.splice(0)));
    while (busy.size > 0 && !finishing.aborted) {
      await once(changes, 'change', { signal: finishing }).catch(() => undefined);
    }
    const unfinished = [...held.splice(0), ...busy];
    busy.clear();
    const late = settled.then(() => giveBack(unfinished));
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

async function handle(
  message: UploadMessage,
  deps: PollDependencies,
  counts: UploadCounts,
): Promise<void> {
  const handled = await handleEvent(message, deps, counts);
  // Where it cannot be sent it stays, and the queue's redrive policy is the backstop.
  if (handled.kind === 'poison' && !(await buryPoison(message, handled.reason, deps, counts)))
    return;
  await deps.queue.delete(message);
}
