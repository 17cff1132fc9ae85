/** The progress of a batch in the middle of its plan. */
import type { BatchProgress } from '../../src/batches/batch.ts';
import { DEFAULT_LIMITS } from '../../src/batches/limits.ts';

export function batchProgress(): BatchProgress {
  return {
    batchId: 'b',
    status: 'running',
    phase: 'plan',
    dryRun: false,
    total: 1000,
    toDo: 1000,
    doneInPhase: 500,
    counts: { unchanged: 480, changed: 18, written: 0, failed: 2 },
    failureCodes: {},
    inFlight: { children: 4, items: 80 },
    paused: false,
    limits: DEFAULT_LIMITS,
    itemsPerMinute: 3000,
    remainingS: 10,
    startedAtMs: 0,
  };
}
