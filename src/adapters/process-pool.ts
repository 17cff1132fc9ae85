/**
 * Runs tasks in processes of their own. Whatever a task does (hang, fill its memory, crash its
 * engine) ends its own process, which is replaced; nothing else notices. A thread cannot promise
 * that: V8 ends the whole process where one allocation of a thread passes the limit of its heap.
 */
import {
  startPooledProcess,
  type PooledProcess,
  type PooledProcessOptions,
} from './pooled-process.ts';

export interface ProcessPoolOptions extends PooledProcessOptions {
  size: number;
}

export interface TaskOptions {
  /** Counted from when a process takes the task: waiting behind others is not the task's fault. */
  withinMs: number;
  signal?: AbortSignal | undefined;
}

export interface ProcessPool {
  /** Rejects with what the task threw, what ended its process, or the signal's reason. */
  run(task: unknown, options: TaskOptions): Promise<unknown>;
  /** Tasks that a process works on, and tasks that wait for one. */
  load(): { busy: number; waiting: number };
  /** Ends all processes at once; tasks in hand are rejected. */
  close(): Promise<void>;
}

interface Job {
  task: unknown;
  withinMs: number;
  settled: boolean;
  /** The process that works on it. */
  process: PooledProcess | undefined;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A module that cannot be loaded is not tried for ever; the next task tries again. */
const MOST_FAILED_STARTS = 3;

export function openProcessPool(options: ProcessPoolOptions): ProcessPool {
  const processes = new Set<PooledProcess>();
  const free: PooledProcess[] = [];
  const waiting: Job[] = [];
  let busy = 0;
  let failedStarts = 0;
  let closed = false;

  fill();
  return {
    async run(task, { withinMs, signal }) {
      signal?.throwIfAborted();
      if (closed) throw new Error('the pool is closed');
      let cancel: (() => void) | undefined;
      try {
        return await new Promise((resolve, reject) => {
          const job: Job = {
            task,
            withinMs,
            settled: false,
            process: undefined,
            resolve(value) {
              job.settled = true;
              resolve(value);
            },
            reject(error) {
              job.settled = true;
              reject(error instanceof Error ? error : new Error(String(error)));
            },
          };
          cancel = () => {
            job.reject(signal?.reason);
            job.process?.kill('it was cancelled');
          };
          signal?.addEventListener('abort', cancel);
          waiting.push(job);
          failedStarts = 0;
          fill();
          assign();
        });
      } finally {
        if (cancel !== undefined) signal?.removeEventListener('abort', cancel);
      }
    },
    load: () => ({ busy, waiting: waiting.filter(({ settled }) => !settled).length }),
    async close() {
      closed = true;
      rejectWaiting(new Error('the pool is closed'));
      for (const process of processes) process.kill('the pool is closed');
      await Promise.all([...processes].map(({ ended }) => ended));
    },
  };

  function fill(): void {
    while (!closed && failedStarts < MOST_FAILED_STARTS && processes.size < options.size) start();
  }

  function start(): void {
    const process = startPooledProcess(options);
    processes.add(process);
    process.ready.then(
      () => {
        failedStarts = 0;
        release(process);
      },
      (error: unknown) => {
        failedStarts += 1;
        if (failedStarts >= MOST_FAILED_STARTS) rejectWaiting(error);
      },
    );
    void process.ended.then(() => {
      processes.delete(process);
      const at = free.indexOf(process);
      if (at >= 0) free.splice(at, 1);
      fill();
    });
  }

  function release(process: PooledProcess): void {
    if (!processes.has(process)) return;
    free.push(process);
    assign();
  }

  /** Gives the oldest tasks to whoever is free. */
  function assign(): void {
    for (;;) {
      while (waiting[0]?.settled === true) waiting.shift();
      const job = waiting[0];
      const process = job === undefined ? undefined : free.shift();
      if (job === undefined || process === undefined) return;
      waiting.shift();
      void perform(process, job);
    }
  }

  async function perform(process: PooledProcess, job: Job): Promise<void> {
    job.process = process;
    busy += 1;
    const late = setTimeout(
      () => process.kill(`it took more than ${Math.round(job.withinMs / 1000)} s`),
      job.withinMs,
    );
    try {
      job.resolve(await process.run(job.task));
    } catch (error) {
      job.reject(error);
    } finally {
      clearTimeout(late);
      job.process = undefined;
      busy -= 1;
      release(process);
    }
  }

  function rejectWaiting(error: unknown): void {
    for (const job of waiting.splice(0)) job.reject(error);
  }
}
