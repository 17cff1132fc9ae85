/** A batch as text or JSON, from its row and (while it runs) from its workflow. */
import type { StoredBatch } from '../adapters/postgres-stored-batches.ts';
import { batchDetails } from '../batches/batch-details.ts';
import type { BatchProgress, BatchStatus } from '../batches/batch.ts';
import { describeSource } from '../batches/describe-source.ts';
import { describeCounts } from '../batches/limits.ts';
import { reportMarkdown } from '../batches/report-markdown.ts';
import { failureOf, isFailureCode } from '../failures.ts';

/** Movers in the terminal; report.md has them all. */
const MOVERS = 10;

/** A row stays at `running` where the batch was terminated, or could not write its report. */
export function withStanding(batch: StoredBatch, standing: BatchStatus): StoredBatch {
  return batch.status === 'running' ? { ...batch, status: standing } : batch;
}

export function describeBatch(batch: StoredBatch, progress: BatchProgress | null): string {
  const lines = [
    `Batch ${batch.id}${batch.dry_run ? ' (dry run)' : ''}: ${batch.status}`,
    `${describeSource(batch.source)}; formula ${batch.formula_version}, model ${batch.model_version}`,
    `started ${batch.created_at.toISOString()} by ${batch.requested_by}${batch.reason === null ? '' : `: ${batch.reason}`}`,
  ];
  if (batch.status === 'running' && progress !== null) lines.push('', batchDetails(progress));
  if (batch.counts !== null) lines.push(describeCounts(batch.counts, {}, batch.dry_run));
  // Whoever cancelled it knows.
  if (isFailureCode(batch.failure_code) && batch.failure_code !== 'CANCELLED') {
    lines.push(`${batch.failure_code}: ${failureOf(batch.failure_code).operator}`);
  }
  if (batch.status !== 'running' && batch.results === null) {
    lines.push(
      '',
      `It left no report; \`temporal workflow show -w ${batch.workflow_id}\` says why.`,
    );
  }
  if (batch.report !== null) lines.push('', reportMarkdown(batch.report, MOVERS));
  if (batch.results !== null) lines.push('', `Results: ${batch.results}`);
  return `${lines.join('\n')}\n`;
}

/** What `--json` shows. */
export function shownBatch(batch: StoredBatch, progress: BatchProgress | null) {
  return {
    batchId: batch.id,
    workflowId: batch.workflow_id,
    status: batch.status,
    dryRun: batch.dry_run,
    source: batch.source,
    reason: batch.reason,
    requestedBy: batch.requested_by,
    formula: batch.formula_version,
    model: batch.model_version,
    total: batch.total,
    counts: batch.counts ?? progress?.counts ?? null,
    failureCode: batch.failure_code,
    results: batch.results,
    createdAt: batch.created_at,
    endedAt: batch.ended_at,
    progress: batch.status === 'running' ? progress : null,
    report: batch.report,
  };
}
