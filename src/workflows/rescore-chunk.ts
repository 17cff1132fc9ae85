/** A few items of a batch: its own workflow, so that the batch's history grows by three events. */
import { BATCH_PRIORITY, type ChunkOutcome, type RescoreChunkInput } from '../batches/batch.ts';
import { rescoreOptions } from './activity-options.ts';
import { activities } from './scoring-activities.ts';

export function rescoreChunk(input: RescoreChunkInput): Promise<ChunkOutcome> {
  const summary = `${input.phase} · items ${input.first} to ${input.last}`;
  const options = { ...rescoreOptions, priority: BATCH_PRIORITY };
  return activities(options, summary).rescoreFromAnalyses(input);
}
