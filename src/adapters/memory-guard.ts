/**
 * A thread that watches the memory of its process and ends the process when it has too much, or has
 * lost its parent. Only a thread can: the code that runs wild never comes back to its event loop,
 * and what WebAssembly and array buffers take is outside the limits of the JavaScript heap.
 */
import { workerData } from 'node:worker_threads';
import { OUT_OF_MEMORY_SIGNAL } from './pooled-process.ts';

export interface GuardData {
  memoryMb: number;
  parentPid: number;
}

/** Filling memory as fast as it goes takes about 100 MB in this time. */
const LOOK_EVERY_MS = 50;

const { memoryMb, parentPid } = workerData as GuardData;
setInterval(() => {
  if (process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL');
  if (process.memoryUsage.rss() > memoryMb * 2 ** 20) {
    process.kill(process.pid, OUT_OF_MEMORY_SIGNAL);
  }
}, LOOK_EVERY_MS);
