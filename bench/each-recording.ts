import { availableParallelism } from 'node:os';
import type { AnalysisStore } from '../src/activities/ports.ts';
import { openAnalysisEngines, type AnalysisEngines } from '../src/adapters/analysis-engines.ts';
import { keptInFolder } from './kept-in-folder.ts';
import { progressBar } from './progress-bar.ts';

type Work<Item, Result> = (item: Item, signal: AbortSignal) => Promise<Result>;

/**
 * Works on every item with as many analysis threads as there are cores and the analyses kept in
 * `cache`, under a progress bar. Results are in the order of the items.
 */
export async function eachRecording<Item, Result>(
  items: readonly Item[],
  cache: string,
  prepare: (threads: AnalysisEngines, analyses: AnalysisStore) => Work<Item, Result>,
): Promise<Result[]> {
  const parallel = availableParallelism();
  const [threads, analyses] = await Promise.all([
    openAnalysisEngines({ threads: parallel, maxSeconds: 60 }),
    keptInFolder(cache),
  ]);
  const work = prepare(threads, analyses);
  const bar = progressBar(items.length);
  const { signal } = new AbortController();
  const results: Result[] = [];
  const queue = items.entries();
  const run = async () => {
    for (const [at, item] of queue) {
      results[at] = await work(item, signal);
      bar.step();
    }
  };
  try {
    // Twice as many as threads: files are read while others are computed.
    await Promise.all(Array.from({ length: 2 * parallel }, run));
  } finally {
    bar.end();
    await threads.close();
  }
  return results;
}
