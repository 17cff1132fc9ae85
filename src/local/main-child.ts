/** Worker, starter and web process as child processes of the local stack; they end when their parent does. */
import { fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LocalStackError } from './local-stack-error.ts';

export interface RunningMain {
  pid: number;
  /** Rejects when the process ends without being asked, with the end of its log. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

export interface MainOptions {
  /** Told the pid at once, before the process is ready. */
  onSpawn?: (pid: number) => void;
  /** Breaks the start off: the process is stopped and the reason thrown. */
  signal?: AbortSignal | undefined;
}

const READY_WITHIN_MS = 60_000;
/** Longer than the worker's own grace for activities in hand. */
const STOP_WITHIN_MS = 45_000;
const LOG_TAIL_CHARACTERS = 2000;
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Starts `src/{name}`, waits until it says it is ready. */
export async function startMain(
  name: 'worker' | 'starter' | 'web',
  environment: Record<string, string>,
  logFile: string,
  { onSpawn, signal }: MainOptions = {},
): Promise<RunningMain> {
  signal?.throwIfAborted();
  const log = openSync(logFile, 'a', 0o600);
  const child = fork(fileURLToPath(new URL(`../${name}.${EXTENSION}`, import.meta.url)), [], {
    env: environment,
    stdio: ['ignore', log, log, 'ipc'],
    // Ctrl-C reaches the whole group of the terminal; the stack stops its children in order itself.
    detached: true,
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new LocalStackError(`The ${name} could not be started.`);
  onSpawn?.(pid);
  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code ?? '?'}`));
  });
  const failed = ended.then((how): never => {
    if (stopping) return new Promise<never>(() => undefined) as never;
    throw new LocalStackError(
      `The ${name} ended (${how}). The end of ${logFile}:\n${tailOf(logFile)}`,
    );
  });
  failed.catch(() => undefined);
  const main: RunningMain = {
    pid,
    failed,
    async stop() {
      stopping = true;
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(late);
    },
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new LocalStackError(`The ${name} was not ready in time; see ${logFile}`)),
      READY_WITHIN_MS,
    );
  });
  const ready = new Promise<void>((resolve) => {
    child.once('message', () => resolve());
  });
  const interrupted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  // It may also abort long after the start.
  interrupted.catch(() => undefined);
  try {
    await Promise.race([ready, failed, late, interrupted]);
    return main;
  } catch (error) {
    // It has nothing in hand yet, and while it starts it does not look at SIGTERM.
    stopping = true;
    child.kill('SIGKILL');
    await ended;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function tailOf(file: string): string {
  return readFileSync(file, 'utf8').slice(-LOG_TAIL_CHARACTERS);
}
