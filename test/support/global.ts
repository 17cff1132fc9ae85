/**
 * When a mocha run ends, whatever `services.ts` started is stopped, however the run went. A test that
 * timed out may have left a worker or a server behind, which would keep the process for ever: CI
 * would then show a time limit and not the test that failed.
 */
import { stopServices } from './services.ts';

/** Services stop within seconds; a worker within its grace. */
const MOST_MS = 90_000;

export async function mochaGlobalTeardown(): Promise<void> {
  const timer = setTimeout(() => {
    const kept = process.getActiveResourcesInfo().join(', ');
    process.stderr.write(`\nThe run has ended, but something keeps the process: ${kept}\n`);
    process.exit(process.exitCode === undefined || process.exitCode === 0 ? 1 : process.exitCode);
  }, MOST_MS);
  timer.unref();
  await stopServices();
}
