/** How long the event loop of this process kept others waiting. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds beyond the due time, since the last reading. */
export interface LoopDelay {
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
  maxMs: number;
}

const RESOLUTION_MS = 10;

/** Measures from now on; each `read` begins anew. */
export function measureLoopDelay(): { read(): LoopDelay; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  // The histogram counts from timer to timer, the due time included.
  const late = (nanoseconds: number) =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) : 0;
  return {
    read() {
      const delay = {
        p50Ms: late(histogram.percentile(50)),
        p99Ms: late(histogram.percentile(99)),
        p999Ms: late(histogram.percentile(99.9)),
        maxMs: late(histogram.max),
      };
      histogram.reset();
      return delay;
    },
    stop: () => void histogram.disable(),
  };
}
