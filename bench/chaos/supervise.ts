/** A process that is started, killed, restarted, and brought back when it ends by itself. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessEnd } from './checker/world.ts';

export interface Running {
  pid: number;
  /** Resolves to how it ended. */
  ended: Promise<string>;
  /** An orderly stop; after the end it gives free what is held for the process. */
  stop(): Promise<void>;
  send?(message: object): void;
}

export interface Supervised {
  name: string;
  /** Starts it; tries again for as long as what it needs may be away. */
  up(): Promise<void>;
  /** Waits until it runs, ends it, and brings it back after `downMs`. */
  fault(what: 'kill' | 'restart', downMs: number): Promise<void>;
  pid(): number | null;
  /** Lost where it does not run. */
  send(message: object): void;
  /** Starts that failed: what it needs was away. */
  refusals(): number;
  /** How it ended when nobody had asked. */
  deaths: string[];
  /** Every end but the last, asked for or not. */
  ends: ProcessEnd[];
  close(): Promise<void>;
}

export interface SuperviseOptions {
  name: string;
  launch: () => Promise<Running>;
  /** Told before it is ended, while its children can still be seen. */
  beforeEnd: (pid: number) => void;
  report: (line: string) => void;
}

const UP_WITHIN_MS = 120_000;
const AGAIN_AFTER_MS = 500;

export function supervise({ name, launch, beforeEnd, report }: SuperviseOptions): Supervised {
  const deaths: string[] = [];
  const ends: ProcessEnd[] = [];
  let running: Running | undefined;
  let closing = false;
  let refusals = 0;
  // One thing at a time: start, fault, return.
  let tail: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };

  const start = async (): Promise<void> => {
    const deadline = performance.now() + UP_WITHIN_MS;
    while (!closing && running === undefined) {
      try {
        watch(await launch());
      } catch (error) {
        if (performance.now() > deadline) throw error;
        refusals += 1;
        await delay(AGAIN_AFTER_MS);
      }
    }
  };
  const watch = (started: Running): void => {
    running = started;
    void started.ended.then((how) => {
      if (closing || running !== started) return;
      running = undefined;
      deaths.push(how);
      const end: ProcessEnd = { fromMs: Date.now(), endedMs: Date.now() };
      ends.push(end);
      report(`${name} ended by itself: ${how.slice(0, 300)}`);
      inTurn(async () => {
        await started.stop();
        await delay(AGAIN_AFTER_MS);
        await start();
        end.backMs = Date.now();
      }).catch((error: unknown) => report(`${name} does not come back: ${String(error)}`));
    });
  };
  const end = async (what: 'kill' | 'restart'): Promise<void> => {
    const ending = running;
    if (ending === undefined) return;
    running = undefined;
    beforeEnd(ending.pid);
    if (what === 'kill') {
      process.kill(ending.pid, 'SIGKILL');
      await ending.ended;
    }
    await ending.stop();
  };
  return {
    name,
    deaths,
    ends,
    up: () => inTurn(start),
    fault: (what, downMs) =>
      inTurn(async () => {
        await start();
        if (closing) return;
        const fromMs = Date.now();
        await end(what);
        const over: ProcessEnd = { fromMs, endedMs: Date.now() };
        ends.push(over);
        await delay(downMs);
        await start();
        over.backMs = Date.now();
      }),
    pid: () => running?.pid ?? null,
    send: (message) => running?.send?.(message),
    refusals: () => refusals,
    async close() {
      closing = true;
      await tail;
      await end('restart');
    },
  };
}
