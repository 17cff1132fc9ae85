/** Progress of a replay on standard error: one line that is redrawn, or a line for each tenth. */
import { cutLine } from './cut-line.ts';
import { dealtWith, replayLine, type ReplayedRun } from './replay-text.ts';

export interface ReplayView {
  update(runs: readonly ReplayedRun[]): void;
  end(): void;
}

/** A line is made of all runs: not oftener than it can be read. */
const DRAW_EVERY_MS = 100;

export function createReplayView(
  total: number,
  output: NodeJS.WriteStream = process.stderr,
): ReplayView {
  let drawnAt = -Infinity;
  let latest: readonly ReplayedRun[] | null = null;
  let last = '';
  const tenthOf = (count: number) => Math.floor((count * 10) / total);
  const draw = () => {
    if (latest === null) return;
    const runs = latest;
    latest = null;
    drawnAt = performance.now();
    if (output.isTTY) {
      last = 'drawn';
      output.write(`\r\u001b[2K${cutLine(replayLine(runs, total), output.columns)}`);
      return;
    }
    const tenths = `${tenthOf(runs.length)} ${tenthOf(dealtWith(runs))}`;
    if (tenths !== last) output.write(`${replayLine(runs, total)}\n`);
    last = tenths;
  };
  return {
    update(runs) {
      latest = runs;
      if (performance.now() - drawnAt >= DRAW_EVERY_MS) draw();
    },
    end() {
      draw();
      if (output.isTTY && last !== '') output.write('\n');
      last = '';
    },
  };
}
