/** What each process of a pool runs: one task after another, with a guard beside it. */
import { writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { GuardData } from './memory-guard.ts';
import type { PoolAnswer } from './pooled-process.ts';
import { threadModule } from './thread-module.ts';

/** A third of the parent's share where both want the same core. */
const NICE = 5;

const [module = '', memoryMb = ''] = process.argv.slice(2);

// Ctrl-C and a service manager's SIGTERM reach the whole group: the parent decides when this ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.once('disconnect', () => process.exit());
// The parent answers Temporal, heartbeats included, in moments; this computes for seconds.
setPriority(NICE);
try {
  // Where memory runs out all the same, the kernel takes this process and not its parent.
  writeFileSync('/proc/self/oom_score_adj', '1000');
} catch {
  // Not Linux.
}

const { filename, ...loader } = threadModule('memory-guard', import.meta.url);
const guardData: GuardData = { memoryMb: Number(memoryMb), parentPid: process.ppid };
const guard = new Worker(filename, { ...loader, workerData: guardData });
const { default: run } = (await import(pathToFileURL(module).href)) as {
  default: (task: unknown) => Promise<unknown>;
};
guard.unref();

process.on('message', ({ task }: { task: unknown }) => {
  run(task).then(
    (value) => answer({ kind: 'done', value }),
    (error: unknown) =>
      answer({ kind: 'thrown', message: error instanceof Error ? error.message : String(error) }),
  );
});
answer({ kind: 'ready' });

function answer(message: PoolAnswer): void {
  process.send?.(message);
}
