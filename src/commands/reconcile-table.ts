/** The totals of a reconciliation as text: where every key went, then what was started by lesson. */
import type { ReconcileTotals, ReconcileUploadsResult } from '../contract/reconciliation.ts';

export function reconcileTable({ totals, dryRun, complete }: ReconcileUploadsResult): string {
  const rows: [string, number][] = [
    ...Object.entries(totals.ignored).map(([reason, n]): [string, number] => [
      `ignored: ${reason}`,
      n,
    ]),
    ['older than asked for', totals.older],
    ['left to their event', totals.young],
    ['scored already', totals.scored],
    ['running', totals.running],
    [dryRun ? 'would be started' : 'started', totals.started],
    ['left to the next run', totals.left],
    ['replaced or deleted meanwhile', totals.changed],
    ['scored, but the row is gone', totals.rowGone],
    ['listed, but S3 refuses to describe it', totals.unreadable ?? 0],
    ['refused by Temporal', totals.failedToStart],
  ];
  const shown = [['listed', totals.listed] as [string, number], ...rows.filter(([, n]) => n > 0)];
  const lessons = Object.entries(totals.byLesson).sort(([, a], [, b]) => b - a);
  const heading = dryRun ? 'Would be started, by lesson:' : 'Started, by lesson:';
  return [
    ...aligned(shown),
    ...(lessons.length === 0 ? [] : ['', heading, ...aligned(lessons)]),
    ...(complete
      ? []
      : ['', 'Stopped at the most that one run may start (--limit); run it again for the rest.']),
  ].join('\n');
}

/** The counts in a few words, while it runs. */
export function reconcileLine(totals: ReconcileTotals, dryRun: boolean): string {
  const { listed, scored, running, started } = totals;
  const what = dryRun ? 'to be started' : 'started';
  return `${listed} listed, ${scored} scored, ${running} running, ${started} ${what}`;
}

function aligned(rows: readonly [string, number][]): string[] {
  const width = Math.max(...rows.map(([, n]) => String(n).length));
  return rows.map(([name, n]) => `${String(n).padStart(width + 2)}  ${name}`);
}
