import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalStackError } from './local-stack-error.ts';

export interface ServerCommand {
  name: string;
  command: string;
  args: string[];
  /** Both output streams are appended to it. */
  logFile: string;
  /** How long the server may take to answer its first check. */
  readyWithinMs: number;
  /** Resolves to true once the server does its work; a rejection means "not yet". */
  isReady: () => Promise<boolean>;
  /** Runs as another user, where this process is root. */
  user?: { uid: number; gid: number } | undefined;
  env?: Record<string, string>;
  /** Told the pid at once, before the server is ready: the moment to record it. */
  onSpawn?: ((pid: number) => void) | undefined;
  /** Breaks the start off: the process is stopped and the reason thrown. */
  signal?: AbortSignal | undefined;
}

export interface ServerProcess {
  pid: number;
  /** SIGINT, after `GRACE_MS` SIGKILL; resolves when the process is gone. May be called again. */
  stop: () => Promise<void>;
  /** Rejects when the process ends without having been stopped; never resolves. */
  failed: Promise<never>;
}

const GRACE_MS = 10_000;
const CHECK_EVERY_MS = 50;

/**
 * Starts a server and resolves when it is ready. Rejects with the end of its log where it dies or
 * is not ready in time; nothing is left running then. The server gets a process group of its own,
 * so Ctrl-C in a terminal reaches only us and we stop things in order.
 */
export async function startServerProcess(server: ServerCommand): Promise<ServerProcess> {
  server.signal?.throwIfAborted();
  mkdirSync(dirname(server.logFile), { recursive: true });
  const log = openSync(server.logFile, 'a', 0o600);
  const logStart = statSync(server.logFile).size;
  const child = spawn(server.command, server.args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    ...(server.env === undefined ? {} : { env: server.env }),
    ...server.user,
  });
  closeSync(log);
  if (child.pid !== undefined) server.onSpawn?.(child.pid);
  let ending: string | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      ending = error.message;
      resolve();
    });
    child.once('exit', (code, signal) => {
      ending = signal === null ? `exit code ${code ?? 'unknown'}` : signal;
      resolve();
    });
  });
  const { pid } = child;
  if (pid === undefined) {
    await ended;
    throw new LocalStackError(
      `${server.name} did not start (${readEnding() ?? 'unknown reason'}).`,
    );
  }
  // Where this process ends without having called stop(), by an uncaught error for example.
  const onExit = (): void => void child.kill('SIGINT');
  process.once('exit', onExit);
  void ended.then(() => process.off('exit', onExit));
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    if (ending === undefined) child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await ended;
    clearTimeout(timer);
  };
  const failed = ended.then((): Promise<never> => {
    if (stopping) return new Promise<never>(() => undefined);
    const tail = `The end of ${server.logFile}:\n${logTail(server.logFile, logStart)}`;
    throw new LocalStackError(`${server.name} ended (${readEnding() ?? '?'}). ${tail}`);
  });
  // Whoever does not look at it must not be ended by it.
  failed.catch(() => undefined);
  const deadline = performance.now() + server.readyWithinMs;
  for (;;) {
    if (server.signal?.aborted === true) {
      await stop();
      server.signal.throwIfAborted();
    }
    const ready = await server.isReady().catch(() => false);
    // A stranger on the same port may answer for a server that has just died.
    if (ready && readEnding() === undefined) break;
    if (readEnding() === undefined && performance.now() < deadline) {
      await Promise.race([delay(CHECK_EVERY_MS), ended]);
      continue;
    }
    const reason = readEnding() ?? `not ready within ${server.readyWithinMs / 1000} s`;
    await stop();
    throw new LocalStackError(
      `${server.name} did not start (${reason}). The end of ${server.logFile}:\n${logTail(server.logFile, logStart)}`,
    );
  }
  return { pid, stop, failed };

  // Through a function: the compiler does not see that the callbacks above assign it.
  function readEnding(): string | undefined {
    return ending;
  }
}

/** The last lines that this start has written, enough to see why it failed. */
function logTail(logFile: string, from: number): string {
  const lines = readFileSync(logFile).subarray(from).toString('utf8').trimEnd().split('\n');
  return lines.slice(-15).join('\n');
}
