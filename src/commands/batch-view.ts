/** A batch's progress on standard error: one line that is redrawn, or lines where nobody looks on. */
import { durationOf } from '../batches/batch-details.ts';
import type { BatchProgress } from '../batches/batch.ts';
import { coloursOf, type Colours } from './colours.ts';
import { cutLine } from './cut-line.ts';

const WIDTH = 24;

export interface BatchView {
  update(progress: BatchProgress): void;
  end(): void;
}

export function createBatchView(output: NodeJS.WriteStream = process.stderr): BatchView {
  const colours = coloursOf(output);
  let last = '';
  let drawn = false;
  return {
    update(progress) {
      const line = progressLine(progress, colours);
      if (output.isTTY) {
        output.write(`\r\u001b[2K${cutLine(line, output.columns)}`);
        drawn = true;
        return;
      }
      // In a log a line for every tenth, and for every change of state.
      const tenth = Math.floor((progress.doneInPhase * 10) / Math.max(1, progress.toDo));
      const state = `${progress.phase} ${progress.paused} ${progress.status} ${tenth}`;
      if (state !== last) output.write(`${line}\n`);
      last = state;
    },
    end() {
      if (drawn) output.write('\n');
      drawn = false;
    },
  };
}

export function progressLine(progress: BatchProgress, pc: Colours): string {
  const { doneInPhase, toDo, counts, paused, status } = progress;
  const share = toDo === 0 ? 0 : Math.min(1, doneInPhase / toDo);
  const full = Math.round(share * WIDTH);
  const bar = `${pc.green('█'.repeat(full))}${pc.dim('░'.repeat(WIDTH - full))}`;
  const phase = progress.phase === 'plan' ? 'computing' : 'writing';
  const state = paused && status === 'running' ? pc.yellow('paused') : phase;
  return [
    `${state} ${bar} ${doneInPhase}/${toDo}`,
    `${counts.changed} changed`,
    counts.failed === 0 ? '0 failed' : pc.red(`${counts.failed} failed`),
    ...(progress.itemsPerMinute === null ? [] : [`${progress.itemsPerMinute}/min`]),
    ...(progress.remainingS === null ? [] : [`${durationOf(progress.remainingS)} left`]),
  ].join('  ');
}
