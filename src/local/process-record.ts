import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isIdentity } from './folder-lock.ts';
import { identityOf, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

export interface RecordedProcess extends ProcessIdentity {
  name: string;
}

/** Time for a clean end before SIGKILL; PostgreSQL writes a checkpoint in it. */
const GRACE_MS = 10_000;

/**
 * Notes a server that this process has started, so that a later run can stop it if this one is
 * killed. Only the holder of the folder's lock may call this, `forgetProcess` and `stopOrphans`.
 */
export function recordProcess(folder: string, name: string, pid: number): void {
  const identity = identityOf(pid);
  if (identity === undefined) throw new Error(`${name} (process ${pid}) has already ended.`);
  write(folder, [...read(folder).filter((entry) => entry.pid !== pid), { name, ...identity }]);
}

/** Forgets a server that has been stopped. */
export function forgetProcess(folder: string, pid: number): void {
  write(
    folder,
    read(folder).filter((entry) => entry.pid !== pid),
  );
}

/**
 * Stops what an earlier run, killed without warning, left behind: SIGINT (a fast shutdown for
 * PostgreSQL, Ctrl-C for the others), after `graceMs` (10 s) SIGKILL. A process whose number has been reused by
 * a stranger is never touched. Returns what was stopped.
 */
export async function stopOrphans(
  folder: string,
  report: (line: string) => void,
  graceMs = GRACE_MS,
): Promise<RecordedProcess[]> {
  const orphans = read(folder).filter(isRunning);
  await Promise.all(orphans.map((orphan) => stopOne(orphan, report, graceMs)));
  write(folder, []);
  return orphans;
}

async function stopOne(
  orphan: RecordedProcess,
  report: (line: string) => void,
  graceMs: number,
): Promise<void> {
  report(`Stopping ${orphan.name} (process ${orphan.pid}), left over from an earlier run.`);
  signal(orphan, 'SIGINT');
  if (await endsWithin(orphan, graceMs)) return;
  signal(orphan, 'SIGKILL');
  if (await endsWithin(orphan, GRACE_MS)) return;
  throw new Error(`${orphan.name} (process ${orphan.pid}) does not end; stop it by hand.`);
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (isRunning(identity)) process.kill(identity.pid, name);
  } catch (error) {
    if (isRunning(identity)) throw error;
  }
}

async function endsWithin(identity: ProcessIdentity, limitMs: number): Promise<boolean> {
  const deadline = performance.now() + limitMs;
  while (isRunning(identity)) {
    if (performance.now() > deadline) return false;
    await delay(50);
  }
  return true;
}

function read(folder: string): RecordedProcess[] {
  try {
    const value: unknown = JSON.parse(readFileSync(recordPath(folder), 'utf8'));
    return Array.isArray(value) ? value.filter(isRecorded) : [];
  } catch {
    return [];
  }
}

function isRecorded(value: unknown): value is RecordedProcess {
  return isIdentity(value) && 'name' in value && typeof value.name === 'string';
}

function write(folder: string, entries: RecordedProcess[]): void {
  const path = recordPath(folder);
  if (entries.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  writeFileSync(`${path}.new`, `${JSON.stringify(entries, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function recordPath(folder: string): string {
  return join(folder, 'processes.json');
}
