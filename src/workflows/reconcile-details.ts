/** What a reconciliation shows of itself in the Web UI: a small Markdown table. */
import type { ReconcileProgress } from '../contract/reconciliation.ts';

export function reconcileDetails(progress: ReconcileProgress, dryRun: boolean): string {
  const { totals, pages, window, cursor } = progress;
  const since = window.sinceMs === null ? '' : ` from ${timeOf(window.sinceMs)}`;
  const until = window.untilMs === null ? '' : ` until ${timeOf(window.untilMs)}`;
  const rows: [string, number][] = [
    ['listed', totals.listed],
    ...Object.entries(totals.ignored).map(([reason, n]): [string, number] => [
      `ignored · ${reason}`,
      n,
    ]),
    ['older', totals.older],
    ['left to their event', totals.young],
    ['scored already', totals.scored],
    ['running', totals.running],
    [dryRun ? 'would be started' : 'started', totals.started],
    ['left to the next run', totals.left],
    ['changed meanwhile', totals.changed],
    ['scored, row gone', totals.rowGone],
    ['unreadable', totals.unreadable ?? 0],
    ['failed to start', totals.failedToStart],
  ];
  const state = pages > 0 && cursor === null ? 'listed to the end' : `${pages} pages so far`;
  return [
    // The title is not carried into the runs that go on.
    `${dryRun ? 'Dry run. ' : ''}Uploads${since}${until}; ${state}`,
    '',
    '| uploads | |',
    '|---|--:|',
    ...rows.map(([name, n]) => `| ${name} | ${n} |`),
  ].join('\n');
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
