/** Live progress of scorings on standard error: redrawn on a terminal, one line each elsewhere. */
import type { ScoringProgress, StepState } from '../contract.ts';
import { coloursOf, type Colours } from './colours.ts';
import { cutLine } from './cut-line.ts';

export interface ProgressView {
  update(id: string, progress: ScoringProgress): void;
  end(): void;
}

const signsOf = (pc: Colours): Record<StepState, string> => ({
  waiting: pc.dim('·'),
  running: pc.yellow('◐'),
  done: pc.green('●'),
  kept: pc.cyan('●'),
  failed: pc.red('✗'),
  cancelled: pc.dim('–'),
});

export function createProgressView(
  ids: readonly string[],
  titleOf: (id: string) => string,
  output: NodeJS.WriteStream = process.stderr,
): ProgressView {
  const colours = coloursOf(output);
  const latest = new Map<string, ScoringProgress>();
  const finished = new Set<string>();
  let drawn = 0;
  let ended = false;
  const draw = () => {
    if (drawn > 0) output.write(`\u001b[${drawn}A`);
    const width = Math.max(...ids.map((id) => titleOf(id).length));
    for (const id of ids) {
      const line = `${titleOf(id).padEnd(width)}  ${barOf(latest.get(id), colours)}`;
      output.write(`\u001b[2K${cutLine(line, output.columns)}\n`);
    }
    drawn = ids.length;
  };
  return {
    update(id, progress) {
      if (ended) return;
      latest.set(id, progress);
      if (output.isTTY) draw();
      else if (progress.status !== 'scoring' && !finished.has(id)) {
        finished.add(id);
        output.write(
          `[${finished.size}/${ids.length}] ${titleOf(id)}  ${barOf(progress, colours)}\n`,
        );
      }
    },
    end() {
      ended = true;
    },
  };
}

function barOf(progress: ScoringProgress | undefined, pc: Colours): string {
  if (progress === undefined) return pc.dim('waiting for its event');
  const sign = signsOf(pc);
  const signs = progress.steps.map(({ state }) => sign[state]).join('');
  const running = progress.steps.filter(({ state }) => state === 'running');
  switch (progress.status) {
    case 'completed':
      return `${signs} ${pc.bold(progress.summary?.overall ?? progress.summary?.attempt ?? '')}`;
    case 'failed':
      return `${signs} ${pc.red(progress.failureCode ?? 'failed')}`;
    case 'superseded':
      return `${signs} ${pc.cyan(progress.failureCode === 'UPLOAD_GONE' ? 'deleted' : 'replaced by a newer recording')}`;
    case 'reviewing':
      return `${signs} ${pc.yellow("waits for a teacher's review")}`;
    case 'scoring':
      return `${signs} ${pc.dim(running.map(({ name }) => name).join(', '))}`;
  }
}
