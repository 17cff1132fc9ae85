/** The application's own migrations, run by a stack that has just started its database. */
import { spawn } from 'node:child_process';
import { LocalStackError } from '../local/local-stack-error.ts';

/**
 * Runs the command in a shell, with the addresses of the stack in its environment; what it prints goes
 * to the error stream. It is the operator's own, so it gets all of the operator's environment too.
 */
export async function migrateApplication(
  command: string,
  environment: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(command, {
    shell: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 2, 2],
  });
  const kill = () => child.kill();
  signal.addEventListener('abort', kill, { once: true });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    signal.throwIfAborted();
    if (code === 0) return;
    throw new LocalStackError(
      `The application's migrations failed (${command}). Where a table exists already: this data folder ran without --app-migrate and has a stand-in for it; start with a new folder (--data).`,
    );
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
