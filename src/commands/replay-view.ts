/** Progress of a replay on standard error: one line that is redrawn, or a line for each tenth. */
import { replayLine, type ReplayedRun } from './replay-text.ts';

export interface ReplayView {
  update(runs: readonly ReplayedRun[]): void;
  end(): void;
}

export function createReplayView(
  total: number,
  output: NodeJS.WriteStream = process.stderr,
): ReplayView {
  let last = '';
  let drawn = false;
  return {
    update(runs) {
      const line = replayLine(runs, total);
      if (output.isTTY) {
        output.write(`\r\u001b[2K${line}`);
        drawn = true;
        return;
      }
      const tenth = `${Math.floor((runs.length * 10) / total)}`;
      if (tenth !== last) output.write(`${line}\n`);
      last = tenth;
    },
    end() {
      if (drawn) output.write('\n');
      drawn = false;
    },
  };
}
