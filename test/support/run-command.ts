/** Runs a program as a person would: its own process, its own output, its exit code. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  environment?: Record<string, string | undefined>;
  cwd?: string;
  /** Interrupts it, as Ctrl-C would, once this stands on standard error. */
  interruptAt?: string;
}

export function runCommand(
  program: string,
  args: readonly string[],
  { environment = {}, cwd = ROOT, interruptAt }: RunOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment };
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    let told = false;
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (interruptAt === undefined || told || !stderr.includes(interruptAt)) return;
      told = child.kill('SIGINT');
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The command `elocute` as it is installed. */
export function elocute(args: readonly string[], options?: RunOptions): Promise<Finished> {
  return runCommand(process.execPath, ['bin/elocute.js', ...args], options);
}
