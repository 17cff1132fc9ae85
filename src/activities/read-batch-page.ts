/** The next page of a batch's items, as chunks; in the first phase they enter the ledger here. */
import type { BatchChunk, BatchPage, ReadBatchPageInput } from '../batches/batch.ts';
import { FORMULA_VERSION } from '../scoring/score.ts';
import { MODEL_VERSION } from '../scoring/scoring-versions.ts';
import { readItems } from './batch-items.ts';
import type { ActivityDependencies } from './ports.ts';

const TARGET = { formula: FORMULA_VERSION, model: MODEL_VERSION };

export function createReadBatchPage({ batches }: Pick<ActivityDependencies, 'batches'>) {
  const { ledger } = batches;

  /** From the source into the ledger: ids never travel through Temporal. */
  async function readSource(input: ReadBatchPageInput, signal: AbortSignal): Promise<BatchPage> {
    const { batchId, phase, source, cursor, firstPosition, pageSize, chunkSize } = input;
    const page = await readItems({ source, cursor, limit: pageSize }, TARGET, batches, signal);
    await ledger.add(batchId, firstPosition, page.ids);
    const nextPosition = firstPosition + page.ids.length;
    const range = { batchId, phase, from: firstPosition, to: nextPosition, limit: pageSize };
    const chunks = chunksOf(await ledger.positions(range), chunkSize);
    return { chunks, cursor: page.cursor, nextPosition };
  }

  /** What the plan found to be written, from the ledger. */
  async function readPlan(input: ReadBatchPageInput): Promise<BatchPage> {
    const { batchId, phase, firstPosition, pageSize, chunkSize } = input;
    const range = { batchId, phase, from: firstPosition, to: null, limit: pageSize };
    const positions = await ledger.positions(range);
    const last = positions.at(-1);
    return {
      chunks: chunksOf(positions, chunkSize),
      cursor: last !== undefined && positions.length === pageSize ? String(last) : null,
      nextPosition: last === undefined ? firstPosition : last + 1,
    };
  }

  return function readBatchPage(
    input: ReadBatchPageInput,
    signal: AbortSignal,
  ): Promise<BatchPage> {
    return input.phase === 'plan' ? readSource(input, signal) : readPlan(input);
  };
}

function chunksOf(positions: readonly number[], chunkSize: number): BatchChunk[] {
  const chunks: BatchChunk[] = [];
  for (let start = 0; start < positions.length; start += chunkSize) {
    const own = positions.slice(start, start + chunkSize);
    const [first = 0] = own;
    chunks.push({ first, last: own.at(-1) ?? first, items: own.length });
  }
  return chunks;
}
