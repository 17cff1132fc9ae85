/** Resolves after a while, at once when the browser is online again, or when `hurry` is called. */
export interface Waiting {
  done: Promise<void>;
  hurry: () => void;
}

export function waitFor(ms: number, signal: AbortSignal): Waiting {
  let hurry = (): void => undefined;
  const done = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(end, ms);
    const abort = () => {
      leave();
      reject(signal.reason as Error);
    };
    function leave(): void {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', abort);
    }
    function end(): void {
      leave();
      resolve();
    }
    hurry = end;
    addEventListener('online', end);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
  return { done, hurry: () => hurry() };
}
