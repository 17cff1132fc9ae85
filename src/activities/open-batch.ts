/** Opens a batch: how many items it has, and a row that says who, when and why. */
import { batchFolder, type OpenBatchInput, type OpenedBatch } from '../batches/batch.ts';
import { FORMULA_VERSION } from '../scoring/score.ts';
import { MODEL_VERSION } from '../scoring/scoring-versions.ts';
import { countBatchItems } from './batch-items.ts';
import type { ActivityDependencies } from './ports.ts';

export function createOpenBatch({ batches }: Pick<ActivityDependencies, 'batches'>) {
  return async function openBatch(
    input: OpenBatchInput,
    signal: AbortSignal,
  ): Promise<OpenedBatch> {
    const target = { formula: FORMULA_VERSION, model: MODEL_VERSION };
    const total = await countBatchItems(input.source, target, batches, signal);
    // Also shows now, and not at the end, that results can be written there.
    const key = `${batchFolder(input.batchId)}batch.json`;
    const text = JSON.stringify({ ...input, target, total }, null, 2);
    await batches.objects.write(key, text, 'application/json', signal);
    await batches.ledger.open(input, target, total);
    return { total };
  };
}
