/** The original's Python beside ours: one process, warmed up, that runs a stage when it is told to. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const originalStages = ['load', 'pitch', 'compare'] as const;
export type OriginalStage = (typeof originalStages)[number];

export interface Original {
  pythonVersion: string;
  /** CPU seconds of one stage over all files. */
  run(stage: OriginalStage): Promise<number>;
  close(): void;
}

/** A problem with the Python side; the message says what to do. */
export class OriginalError extends Error {
  override readonly name = 'OriginalError';
}

const script = fileURLToPath(new URL('speed-original.py', import.meta.url));
const requirements = fileURLToPath(new URL('speed-requirements.txt', import.meta.url));
const venv = fileURLToPath(new URL('../.cache/speed-venv', import.meta.url));

/** Python with the pinned packages, in a virtual environment that is made where it is missing. */
export function preparedPython(): string {
  const python = `${venv}/bin/python`;
  // A run that was stopped between the two is taken up again.
  if (!existsSync(python)) must('python3', ['-m', 'venv', venv]);
  if (spawnSync(python, ['-c', 'import librosa, parselmouth']).status !== 0) {
    must(python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
  }
  return python;
}

function must(command: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const why = error?.message ?? stderr.trim();
  throw new OriginalError(
    `${command} ${args.join(' ')} failed: ${why}\nName a Python that has bench/speed-requirements.txt with --python.`,
  );
}

/** Starts Python, which loads every file once, so that nothing is compiled or read while it counts. */
export async function startOriginal(python: string, wavFiles: string[]): Promise<Original> {
  const child = spawn(python, [script, ...wavFiles], { stdio: ['pipe', 'pipe', 'inherit'] });
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) =>
      reject(new OriginalError(`${python} does not start: ${cause.message}`, { cause })),
    );
    child.once('exit', (code) => reject(new OriginalError(`${python} ended with ${code ?? '?'}.`)));
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async () => {
    const line = await Promise.race([lines.next(), failed]);
    if (line.done === true) throw new OriginalError(`${python} ended without an answer.`);
    return line.value;
  };
  const [ready, pythonVersion = ''] = (await nextLine()).split(' ');
  if (ready !== 'ready') throw new OriginalError(`${python} said "${ready ?? ''}", not "ready".`);
  return {
    pythonVersion,
    async run(stage) {
      child.stdin.write(`${stage}\n`);
      const line = await nextLine();
      const seconds = Number(line);
      if (!Number.isFinite(seconds)) throw new OriginalError(`${python} answered "${line}".`);
      return seconds;
    },
    close: () => child.stdin.end(),
  };
}
