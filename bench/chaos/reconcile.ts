/** The product's own reconciliation, as an operator would run it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const COMMAND = fileURLToPath(new URL('../../bin/elocute.js', import.meta.url));
const WITHIN_MS = 300_000;

export interface ReconcileOptions {
  environment: Record<string, string>;
  since: Date;
  signal: AbortSignal;
}

/** Looks through the bucket once for what has been uploaded since then and has no row. */
export async function reconcile({ environment, since, signal }: ReconcileOptions): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    // Exact: an upload that was sent again because no answer came is a version of its own.
    [COMMAND, 'reconcile', '--exact', '--json', '--since', since.toISOString()],
    // Nothing is on its way any more.
    { env: { ...environment, RECONCILE_GRACE_MINUTES: '0' }, signal, timeout: WITHIN_MS },
  );
  return stdout.trim();
}
