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
      const children = childrenByParent();
      const from = [pid];
      for (let next = from.pop(); next !== undefined; next = from.pop()) {
        const identity = identityOf(next);
        if (identity !== undefined) known.set(`${identity.pid} ${identity.startedAt}`, identity);
        from.push(...(children.get(next) ?? []));
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

function childrenByParent(): Map<number, number[]> {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' });
  const children = new Map<number, number[]>();
  for (const line of table.trim().split('\n')) {
    const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

/** Memory of a process that is in RAM, in MiB; null where it has ended. */
export function residentMiB(pid: number): number | null {
  try {
    const kib = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
    return Math.round(Number(kib.trim()) / 1024);
  } catch {
    return null;
  }
}
