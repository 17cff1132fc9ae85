/** Ends a batch, however it ended: results as JSON lines, the report, its row. */
import { createReport } from '../batches/batch-report.ts';
import {
  batchFolder,
  type BatchItem,
  type FinishBatchInput,
  type FinishedBatch,
} from '../batches/batch.ts';
import { reportMarkdown } from '../batches/report-markdown.ts';
import type { ActivityDependencies } from './ports.ts';

/** Lines of one part object; about 700 bytes each. */
const PART_LINES = 1000;

export function createFinishBatch({ batches }: Pick<ActivityDependencies, 'batches'>) {
  return async function finishBatch(
    input: FinishBatchInput,
    signal: AbortSignal,
  ): Promise<FinishedBatch> {
    const { ledger, objects } = batches;
    const { batchId } = input;
    const folder = batchFolder(batchId);
    const results = objects.addressOf(folder);
    if (!(await ledger.isOpen(batchId))) return { results };
    const builder = createReport();
    const everything = { batchId, phase: 'plan', to: null, limit: PART_LINES } as const;
    for (let part = 1, from = 0; ; part += 1) {
      const positions = await ledger.positions({ ...everything, from });
      const [first, last] = [positions[0], positions.at(-1)];
      if (first === undefined || last === undefined) break;
      const items = await ledger.items(batchId, first, last);
      for (const item of items) builder.add(item);
      const key = `${folder}part-${String(part).padStart(5, '0')}.jsonl`;
      const lines = items.map((item) => `${JSON.stringify(lineOf(item))}\n`).join('');
      await objects.write(key, lines, 'application/jsonl', signal);
      from = last + 1;
    }
    const report = builder.report();
    const { status, failureCode, counts } = input;
    const whole = { batchId, status, failureCode, counts, ...report };
    const json = JSON.stringify(whole, null, 2);
    await objects.write(`${folder}report.json`, json, 'application/json', signal);
    const markdown = `# Batch ${batchId}: ${status}\n\n${reportMarkdown(report)}\n`;
    await objects.write(`${folder}report.md`, markdown, 'text/markdown; charset=utf-8', signal);
    await ledger.close(input, report, results);
    return { results };
  };
}

/** The key of the recording is not in it: it names the learner. */
function lineOf(item: BatchItem) {
  const { scoringId, state, failureCode, failureMessage, lesson, move, before, after } = item;
  return {
    id: scoringId,
    outcome: state,
    lesson,
    move,
    before,
    after,
    ...(failureCode === null ? {} : { code: failureCode, message: failureMessage }),
  };
}
