/** Uploads and faults at their planned times, side by side. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ChaosStack } from './chaos-stack.ts';
import type { PlannedFault } from './plan-faults.ts';
import type { PlannedKey } from './plan-uploads.ts';
import type { Observer } from './settle.ts';
import type { SpeechMessage } from './speech-process.ts';
import type { Uploader } from './uploader.ts';

export interface RunCounts {
  kills: Record<string, number>;
  restarts: Record<string, number>;
  /** Calls that were to fail; how many did, the speech service has noted. */
  speechArmed: Record<string, number>;
}

export function noCounts(): RunCounts {
  return { kills: {}, restarts: {}, speechArmed: {} };
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
    const message: SpeechMessage = { trouble: { trouble, count } };
    stack.parts.speech.send(message);
    counts.speechArmed[trouble] = (counts.speechArmed[trouble] ?? 0) + count;
    return;
  }
  if (fault.onceSaved === true) await observer.firstRow(signal);
  const tally = fault.what === 'kill' ? counts.kills : counts.restarts;
  await stack.parts[fault.target].fault(fault.what, fault.downMs);
  tally[fault.target] = (tally[fault.target] ?? 0) + 1;
}
