/** What every main shares: signals, the parent's death, and the last error. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** True where the module is what node was asked to run. */
export function isMain(moduleUrl: string): boolean {
  const script = process.argv[1];
  return script !== undefined && realpathSync(script) === fileURLToPath(moduleUrl);
}

/**
 * Runs a main until it ends or is told to stop: SIGTERM, SIGINT, or the end of the parent that
 * started it with a channel (a local stack that was killed must leave nothing behind).
 */
export async function runMain(run: (stopped: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const onStop = () => stop.abort();
  process.once('SIGTERM', onStop);
  process.once('SIGINT', onStop);
  if (process.channel !== undefined) process.once('disconnect', onStop);
  try {
    await run(stop.signal);
    process.exitCode = 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    if (process.connected) process.disconnect();
  }
}
