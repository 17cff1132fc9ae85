/** Uploads and faults at their planned times, side by side. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosStack } from './chaos-stack.ts';
import type { PlannedFault } from './plan-faults.ts';
import type { PlannedKey } from './plan-uploads.ts';
import type { Observer } from './settle.ts';
import type { Uploader } from './uploader.ts';

export interface RunCounts {
  kills: Record<string, number>;
  restarts: Record<string, number>;
  speech: Record<string, number>;
  /** When S3 and the queue were last ended, by the clock of the harness. */
  queueEndedAtMs: number;
}

export function noCounts(): RunCounts {
  return { kills: {}, restarts: {}, speech: {}, queueEndedAtMs: 0 };
}

export interface RunPlanOptions {
  keys: readonly PlannedKey[];
  faults: readonly PlannedFault[];
  /** From then on the bucket keeps versions; null: as it is. */
  versionedFromMs: number | null;
  stack: ChaosStack;
  uploader: Uploader;
  observer: Observer;
  counts: RunCounts;
  signal: AbortSignal;
}

/** Resolves when every upload is acknowledged and everything that was ended is back. */
export async function runPlan(options: RunPlanOptions): Promise<void> {
  const { keys, faults, versionedFromMs, uploader, signal } = options;
  const started = performance.now();
  const at = (atMs: number) =>
    delay(Math.max(0, started + atMs - performance.now()), undefined, { signal });
  await Promise.all([
    ...keys.map(async (planned) => {
      await at(planned.atMs);
      await uploader.run(planned, signal);
    }),
    ...faults.map(async (fault) => {
      await at(fault.atMs);
      await strike(fault, options);
    }),
    (async () => {
      if (versionedFromMs === null) return;
      await at(versionedFromMs);
      await uploader.setVersioning('Enabled', signal);
    })(),
  ]);
}

async function strike(
  fault: PlannedFault,
  { stack, observer, counts, signal }: RunPlanOptions,
): Promise<void> {
  if (fault.what === 'speech') {
    const { trouble, count } = fault;
    stack.parts.speech.send({ fault: { trouble, count } });
    counts.speech[trouble] = (counts.speech[trouble] ?? 0) + count;
    return;
  }
  if (fault.onceSaved === true) await observer.firstRow(signal);
  const tally = fault.what === 'kill' ? counts.kills : counts.restarts;
  await stack.parts[fault.target].fault(fault.what, fault.downMs);
  tally[fault.target] = (tally[fault.target] ?? 0) + 1;
  // After the restart: what was put until then may have been lost with the queue.
  if (fault.target === 'objects') counts.queueEndedAtMs = Date.now();
}
