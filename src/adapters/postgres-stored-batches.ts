/** Batches as the database keeps them, for whoever looks. */
import type { BatchReport } from '../batches/batch-report.ts';
import type { BatchCounts, BatchSource, BatchStatus } from '../batches/batch.ts';
import type { Database } from './postgres.ts';

export interface StoredBatch {
  id: string;
  workflow_id: string;
  source: BatchSource;
  reason: string | null;
  requested_by: string;
  dry_run: boolean;
  formula_version: string;
  model_version: string;
  total: number;
  status: BatchStatus;
  failure_code: string | null;
  counts: BatchCounts | null;
  report: BatchReport | null;
  results: string | null;
  created_at: Date;
  ended_at: Date | null;
}

/** The latest first. */
export async function listBatches(database: Database, limit: number): Promise<StoredBatch[]> {
  return database.query<StoredBatch & Record<string, unknown>>(
    'select * from elocute.batch order by created_at desc limit $1',
    [limit],
  );
}

/** By id or its beginning; at most two, so that an ambiguous beginning is seen. */
export async function findBatches(database: Database, id: string): Promise<StoredBatch[]> {
  return database.query<StoredBatch & Record<string, unknown>>(
    `select * from elocute.batch where starts_with(id, $1) limit 2`,
    [id],
  );
}
