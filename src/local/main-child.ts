/** Worker and starter as child processes of the local stack; they end when their parent does. */
import { fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface RunningMain {
  pid: number;
  /** Rejects when the process ends without being asked, with the end of its log. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
/** Longer than the worker's own grace for activities in hand. */
const STOP_WITHIN_MS = 45_000;
const LOG_TAIL_CHARACTERS = 2000;
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** Starts `src/{name}`, waits until it says it is ready. */
export async function startMain(
  name: 'worker' | 'starter',
  environment: Record<string, string>,
  logFile: string,
): Promise<RunningMain> {
  const log = openSync(logFile, 'a', 0o600);
  const child = fork(fileURLToPath(new URL(`../${name}.${EXTENSION}`, import.meta.url)), [], {
    env: environment,
    stdio: ['ignore', log, log, 'ipc'],
    // Ctrl-C reaches the whole group of the terminal; the stack stops its children in order itself.
    detached: true,
  });
  closeSync(log);
  const { pid } = child;
  if (pid === undefined) throw new Error(`The ${name} could not be started.`);
  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code ?? '?'}`));
  });
  const failed = ended.then((how): never => {
    if (stopping) return new Promise<never>(() => undefined) as never;
    throw new Error(`The ${name} ended (${how}). The end of ${logFile}:\n${tailOf(logFile)}`);
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
      () => reject(new Error(`The ${name} was not ready in time; see ${logFile}`)),
      READY_WITHIN_MS,
    );
  });
  const ready = new Promise<void>((resolve) => {
    child.once('message', () => resolve());
  });
  try {
    await Promise.race([ready, failed, late]);
    return main;
  } catch (error) {
    await main.stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function tailOf(file: string): string {
  return readFileSync(file, 'utf8').slice(-LOG_TAIL_CHARACTERS);
}
