/** Python packages with hash-pinned requirements, in the cache folder: installed once, for all runs. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface PythonEnvironment {
  command: string;
  env: Record<string, string>;
}

export interface PythonPackages {
  /** What the folder is called in the cache. */
  name: string;
  /** Path of the requirements, each with its hashes. */
  requirements: string;
}

const run = promisify(execFile);

/** Finds or makes it; a broken-off installation leaves nothing that would be taken for a whole one. */
export async function pythonEnvironment(
  { name, requirements }: PythonPackages,
  cacheFolder: string,
  report: (line: string) => void = () => undefined,
): Promise<PythonEnvironment> {
  const digest = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const folder = join(cacheFolder, `${name}-${digest.slice(0, 12)}`);
  if (!existsSync(folder)) {
    report(`installing ${name} with pip (checked against their SHA-256) …`);
    const making = `${folder}.${process.pid}`;
    mkdirSync(making, { recursive: true });
    try {
      await install(making, requirements, report);
      renameSync(making, folder);
    } catch (error) {
      rmSync(making, { recursive: true, force: true });
      // Another run may have been faster.
      if (!existsSync(folder)) throw error;
    }
  }
  const python = join(folder, 'bin', 'python');
  return existsSync(python)
    ? { command: python, env: {} }
    : { command: 'python3', env: { PYTHONPATH: folder } };
}

async function install(
  folder: string,
  requirements: string,
  report: (line: string) => void,
): Promise<void> {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const wanted = ['--only-binary', ':all:', '--require-hashes', '-r', requirements];
  const options = { timeout: 300_000 };
  try {
    await run('python3', ['-m', 'venv', folder], options);
    await run(join(folder, 'bin', 'python'), [...pip, ...wanted], options);
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    report(`no virtual environment (${why}); installing into a folder …`);
    rmSync(folder, { recursive: true, force: true });
    await run('python3', [...pip, '--target', folder, ...wanted], options);
  }
}
