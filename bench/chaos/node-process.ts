import { fork } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Running } from './supervise.ts';

export interface NodeProcessOptions {
  script: string;
  args?: string[];
  environment: Record<string, string>;
  logFile: string;
  /** Told every message but "ready". */
  onMessage?: (message: unknown) => void;
}

const READY_WITHIN_MS = 60_000;
/** Longer than a worker's own grace for what it has in hand. */
const STOP_WITHIN_MS = 60_000;

/** Starts a module as a process of its own, and resolves when it says that it is ready. */
export async function startNodeProcess(options: NodeProcessOptions): Promise<Running> {
  const { script, args = [], environment, logFile, onMessage } = options;
  const log = openSync(logFile, 'a', 0o600);
  const child = fork(script, args, {
    env: environment,
    // Compiled modules need no loader, and start faster without one.
    execArgv: script.endsWith('.ts') ? ['--import', 'tsx'] : [],
    stdio: ['ignore', log, log, 'ipc'],
    // Ctrl-C is for us alone; we end the others in order.
    detached: true,
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${script} could not be started.`);
  // A message to a process that has just been killed.
  child.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code ?? '?'}`));
  });
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message) => {
      if (message === 'ready') resolve();
      else onMessage?.(message);
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), READY_WITHIN_MS);
  });
  const first = await Promise.race([ready.then(() => 'ready' as const), ended, late]);
  clearTimeout(timer);
  if (first !== 'ready') {
    child.kill('SIGKILL');
    await ended;
    throw new Error(`${script} did not start (${first}); see ${logFile}`);
  }
  return {
    pid,
    ended,
    send: (message) => {
      if (child.connected) child.send(message);
    },
    async stop() {
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(kill);
    },
  };
}
