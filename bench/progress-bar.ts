const WIDTH = 30;

export interface ProgressBar {
  step(): void;
  end(): void;
}

/** A bar on standard error; a line every tenth where that is no terminal. */
export function progressBar(total: number): ProgressBar {
  const started = performance.now();
  const { stderr } = process;
  let done = 0;
  const text = () => {
    const filled = Math.round((WIDTH * done) / Math.max(1, total));
    const elapsedS = (performance.now() - started) / 1000;
    const leftS = done === 0 ? 0 : Math.round((elapsedS / done) * (total - done));
    return `[${'█'.repeat(filled)}${'·'.repeat(WIDTH - filled)}] ${done}/${total}, ${leftS} s left`;
  };
  const tenth = Math.max(1, Math.ceil(total / 10));
  return {
    step() {
      done += 1;
      if (stderr.isTTY) stderr.write(`\r${text()}  `);
      else if (done % tenth === 0 || done === total) stderr.write(`${text()}\n`);
    },
    end() {
      if (stderr.isTTY) stderr.write('\n');
    },
  };
}
