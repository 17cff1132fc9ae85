/** Batches for the HTTP API: rows from PostgreSQL, what runs from Temporal. */
import type { Client } from '@temporalio/client';
import type { Batches, BatchRow } from '../web/web-ports.ts';
import { findBatches, listBatches, type StoredBatch } from './postgres-stored-batches.ts';
import type { Database } from './postgres.ts';
import { changeBatch, lookAtBatch, standingOfBatch, startBatch } from './temporal-batches.ts';
import { ChangeRefused } from './temporal-changes.ts';
import { translateTemporalError } from './temporal-errors.ts';

export function createWebBatches(database: Database, client: Client, taskQueue: string): Batches {
  const standing = async (row: BatchRow): Promise<BatchRow> =>
    row.status === 'running' ? { ...row, status: await standingOfBatch(client, row.id) } : row;
  return {
    async list(limit) {
      const rows = (await listBatches(database, limit)).map(rowOf);
      // The rows are worth more than how those that run stand.
      return Promise.all(rows.map((row) => standing(row).catch(() => row)));
    },
    async find(id) {
      const [row] = await findBatches(database, id);
      return row?.id === id ? translated(() => standing(rowOf(row))) : null;
    },
    progress: (id) => translated(async () => (await lookAtBatch(client, id))?.progress ?? null),
    start: (input, summary) => translated(() => startBatch(client, taskQueue, input, summary)),
    async change(id, change) {
      try {
        await changeBatch(client, id, change);
        return null;
      } catch (error) {
        if (error instanceof ChangeRefused) return error.message;
        throw translateTemporalError(error);
      }
    },
  };
}

async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateTemporalError(error);
  }
}

function rowOf(batch: StoredBatch): BatchRow {
  return {
    id: batch.id,
    workflowId: batch.workflow_id,
    source: batch.source,
    reason: batch.reason,
    requestedBy: batch.requested_by,
    dryRun: batch.dry_run,
    formula: batch.formula_version,
    model: batch.model_version,
    total: batch.total,
    status: batch.status,
    failureCode: batch.failure_code,
    counts: batch.counts,
    report: batch.report,
    results: batch.results,
    createdAt: batch.created_at.toISOString(),
    endedAt: batch.ended_at?.toISOString() ?? null,
  };
}
