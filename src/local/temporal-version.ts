import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The first release whose server (1.28) has everything the workflows use. */
const OLDEST = [1, 4, 0] as const;

/**
 * Runs `temporal --version` and returns the version, such as "1.9.1". Rejects where the file does
 * not run, is something else, or is older than 1.4.0.
 */
export async function temporalVersion(path: string): Promise<string> {
  const { stdout } = await run(path, ['--version'], { timeout: 15_000 }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.trim() : String(error);
    throw new Error(`${path} does not run (${reason})`, { cause: error });
  });
  const match = /^temporal version (\d+)\.(\d+)\.(\d+)/.exec(stdout);
  if (match === null) throw new Error(`${path} is not the Temporal CLI`);
  const version = match.slice(1).map(Number);
  if (isOlder(version)) {
    throw new Error(`${path} is ${version.join('.')}; ${OLDEST.join('.')} or later is needed`);
  }
  return version.join('.');
}

function isOlder(version: number[]): boolean {
  for (const [index, wanted] of OLDEST.entries()) {
    const got = version[index] ?? 0;
    if (got !== wanted) return got < wanted;
  }
  return false;
}
