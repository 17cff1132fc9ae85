/** How much of its time an event loop was blocked for long: a histogram counts a long block once. */

/** Shorter ones are the scheduler's and the garbage collector's. */
export const LONG_BLOCK_MS = 200;
const EVERY_MS = 10;

export interface Blocks {
  /** Spent in blocks above `LONG_BLOCK_MS`. */
  blockedMs: number;
  /** Since the reading before. */
  elapsedMs: number;
}

/** Measures from now on; each `read` begins anew. */
export function measureBlocks(): { read(): Blocks } {
  let blockedMs = 0;
  let sinceMs = performance.now();
  let lastMs = sinceMs;
  setInterval(() => {
    const nowMs = performance.now();
    const lateMs = nowMs - lastMs - EVERY_MS;
    lastMs = nowMs;
    if (lateMs > LONG_BLOCK_MS) blockedMs += lateMs;
  }, EVERY_MS).unref();
  return {
    read() {
      const nowMs = performance.now();
      const blocks = { blockedMs, elapsedMs: nowMs - sinceMs };
      blockedMs = 0;
      sinceMs = nowMs;
      return blocks;
    },
  };
}
