import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LocalStackError } from './local-stack-error.ts';
import { identityOf, isRunning } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

export interface FolderLock {
  /** Gives the folder free; calling it again does nothing. */
  release(): void;
}

/**
 * Takes a folder for this process. A lock left by a process that died (or by a number that has been
 * reused since) is taken over. Throws, naming the holder's pid, while the holder lives; this
 * process itself counts as a holder too.
 */
export function lockFolder(folder: string): FolderLock {
  mkdirSync(folder, { recursive: true });
  const lock = join(folder, 'lock.json');
  const self = identityOf(process.pid);
  if (self === undefined) throw new Error('This process cannot read its own start time.');
  // Written in full under another name, then linked: a reader never sees half a lock.
  const mine = `${lock}.${token()}`;
  writeFileSync(mine, JSON.stringify(self), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (tryLink(mine, lock)) return releaseOnce(lock, self);
      const holder = readHolder(lock);
      if (holder !== undefined && isRunning(holder)) throw heldError(folder, holder);
      removeStale(lock, folder);
    }
    throw new Error(`Could not lock ${resolve(folder)}: other processes keep taking it.`);
  } finally {
    rmSync(mine, { force: true });
  }
}

function releaseOnce(lock: string, self: ProcessIdentity): FolderLock {
  let held = true;
  return {
    release() {
      if (held && readHolder(lock)?.startedAt === self.startedAt) rmSync(lock, { force: true });
      held = false;
    },
  };
}

/** Moves the stale lock aside; where a rival has just replaced it, puts the rival's lock back. */
function removeStale(lock: string, folder: string): void {
  const aside = `${lock}.${token()}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  const alive = moved !== undefined && isRunning(moved);
  if (alive) tryLink(aside, lock);
  rmSync(aside, { force: true });
  if (alive) throw heldError(folder, moved);
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(lock: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(lock, 'utf8'));
    return isIdentity(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isIdentity(value: unknown): value is ProcessIdentity {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    Number.isInteger(value.pid) &&
    'startedAt' in value &&
    typeof value.startedAt === 'string'
  );
}

function heldError(folder: string, holder: ProcessIdentity): Error {
  return new LocalStackError(
    `${resolve(folder)} is in use by process ${holder.pid}. Stop that process, or use another data folder.`,
  );
}

function token(): string {
  return randomBytes(6).toString('hex');
}
