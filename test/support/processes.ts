/** What runs on this machine, to see that nothing of ours is left. */
import { execFileSync } from 'node:child_process';

export interface RunningProcess {
  pid: number;
  parent: number;
  command: string;
}

export function runningProcesses(): RunningProcess[] {
  return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], {
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      if (pid === undefined || command === undefined) return [];
      return [{ pid: Number(pid), parent: Number(parent), command }];
    });
}
