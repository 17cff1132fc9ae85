import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const FOLDER = fileURLToPath(new URL('../../.cache/fit-venv', import.meta.url));

/** The interpreter of a virtual environment with requirements.txt; makes it where it is missing. */
export async function pythonEnvironment(): Promise<string> {
  const python = join(FOLDER, 'bin', 'python');
  // Copied last, so that an installation that broke off is made anew.
  const mark = join(FOLDER, 'requirements.txt');
  const [wanted, present] = await Promise.all([
    readFile(REQUIREMENTS, 'utf8'),
    readFile(mark, 'utf8').catch(() => null),
  ]);
  if (wanted === present) return python;
  await rm(FOLDER, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', FOLDER]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '-r', REQUIREMENTS]);
  await copyFile(REQUIREMENTS, mark);
  return python;
}

async function run(command: string, args: string[]): Promise<void> {
  // What it prints goes to standard error, which is for progress.
  const child = spawn(command, args, { stdio: ['ignore', 2, 2] });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`);
}
