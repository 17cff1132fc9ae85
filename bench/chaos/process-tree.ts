/** Which processes came from which, to see that none outlives the run. */
import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { identityOf, isRunning, type ProcessIdentity } from '../../src/local/process-identity.ts';

export interface ProcessTree {
  /** Notes a process and all that come from it now. */
  remember(pid: number): void;
  /** Those noted that still run; given a moment to end. */
  survivors(withinMs: number): Promise<number[]>;
}

export function watchProcesses(): ProcessTree {
  const known = new Map<string, ProcessIdentity>();
  return {
    remember(pid) {
      for (const one of familyOf(pid)) {
        const identity = identityOf(one.pid);
        if (identity !== undefined) known.set(`${identity.pid} ${identity.startedAt}`, identity);
      }
    },
    async survivors(withinMs) {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const alive = [...known.values()].filter(isRunning);
        if (alive.length === 0 || performance.now() > deadline) return alive.map(({ pid }) => pid);
        await delay(100);
      }
    },
  };
}

interface ListedProcess {
  pid: number;
  parent: number;
  residentKib: number;
}

/** A process and all that come from it; empty where it has ended. */
function familyOf(pid: number): ListedProcess[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' });
  const all = table
    .trim()
    .split('\n')
    .map((line): ListedProcess => {
      const [one = 0, parent = 0, residentKib = 0] = line.trim().split(/\s+/).map(Number);
      return { pid: one, parent, residentKib };
    });
  const family = all.filter((one) => one.pid === pid);
  for (const one of family) family.push(...all.filter(({ parent }) => parent === one.pid));
  return family;
}

/** Memory in RAM of a process and all that come from it, MiB; null where it has ended. */
export function residentMiB(pid: number): number | null {
  const family = familyOf(pid);
  if (family.length === 0) return null;
  return Math.round(family.reduce((sum, { residentKib }) => sum + residentKib, 0) / 1024);
}
