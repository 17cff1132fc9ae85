/** What runs on this machine, to see that nothing of ours is left. */
import { execFileSync } from 'node:child_process';

export interface RunningProcess {
  pid: number;
  command: string;
}

export function runningProcesses(): RunningProcess[] {
  return execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8', maxBuffer: 10_000_000 })
    .split('\n')
    .flatMap((line) => {
      const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
      return pid === undefined || command === undefined ? [] : [{ pid: Number(pid), command }];
    });
}
