/**
 * Servers of AWS's protocols that we did not write, for tests: ministack and moto, with hash-pinned
 * requirements, in the cache folder. `pip-compile --generate-hashes` makes requirements.txt from .in.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface PythonEnvironment {
  command: string;
  env: Record<string, string>;
}

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url));
const run = promisify(execFile);

/** Finds or makes it; a broken-off installation leaves nothing that would be taken for a whole one. */
export async function awsServersEnvironment(
  cacheFolder: string,
  report: (line: string) => void = () => undefined,
): Promise<PythonEnvironment> {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const folder = join(cacheFolder, `aws-servers-${digest.slice(0, 12)}`);
  if (!existsSync(folder)) {
    report('installing ministack and moto with pip (checked against their SHA-256) …');
    const making = `${folder}.${process.pid}`;
    mkdirSync(making, { recursive: true });
    try {
      await install(making, report);
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

async function install(folder: string, report: (line: string) => void): Promise<void> {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  const wanted = ['--only-binary', ':all:', '--require-hashes', '-r', REQUIREMENTS];
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
