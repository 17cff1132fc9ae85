/** Waiting that ends by itself. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Between half and all of `ms`, so that many starters do not come back at the same moment. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
}

/** Until `work` has ended, or `ms` are over. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const enough = new AbortController();
  const late = sleep(ms, undefined, { signal: enough.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  enough.abort();
}
