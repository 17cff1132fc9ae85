/** Ctrl-C and SIGTERM as a signal that a command can wait for. */
import { setMaxListeners } from 'node:events';
import { EXIT, InterruptedError } from './exit-codes.ts';

/** npx passes Ctrl-C on to us, who got it from the terminal already: both are one. */
const SAME_MS = 500;

/**
 * Runs until `run` ends; `signal` aborts on SIGINT, SIGTERM and SIGHUP. A second one ends the process
 * at once: whoever insists does not wait for an orderly stop.
 */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  // One listener for each thing that waits, and a demo waits for a dozen scorings: no leak.
  setMaxListeners(0, stop.signal);
  let first = 0;
  const onSignal = () => {
    if (stop.signal.aborted) {
      if (performance.now() - first > SAME_MS) process.exit(EXIT.interrupted);
      return;
    }
    first = performance.now();
    stop.abort(new InterruptedError('Interrupted.'));
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  try {
    return await run(stop.signal);
  } finally {
    for (const name of names) process.off(name, onSignal);
  }
}

/** Rejects when the signal aborts; never resolves. */
export function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(signal.reason as Error);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
