/** An analysis thread that dies of certain recordings, as if an engine had crashed under them. */
import runTask, {
  type AnalysisOutcome,
  type AnalysisTask,
} from '../../src/adapters/analysis-thread.ts';

/** A recording that begins with this ends its thread. */
export const POISON = 0x21;
/** A recording that begins with this fills the heap of its thread. */
export const GLUTTON = 0x22;

export default async function mortal(task: AnalysisTask): Promise<AnalysisOutcome> {
  const first = 'bytes' in task ? task.bytes[0] : undefined;
  if (first === POISON) process.exit(1);
  const kept: unknown[] = [];
  while (first === GLUTTON) kept.push(Array.from({ length: 100_000 }, () => ({})));
  return runTask(task);
}
