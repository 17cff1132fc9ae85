/** A running batch as Markdown: what the Web UI shows as its current details. */
import type { BatchProgress, RescoreBatchInput } from './batch.ts';
import { describeSource } from './describe-source.ts';
import { describeTolerance } from './limits.ts';

/** What is rescored and why: the title is not carried into the runs that go on. */
export function batchHeading({ source, dryRun, reason, requestedBy }: Asked): string {
  const what = `${dryRun ? 'Dry run. ' : ''}Rescore ${describeSource(source)}, for ${requestedBy}`;
  return reason === null ? what : `${what}: ${reason.replaceAll(/\s+/g, ' ')}`;
}

type Asked = Pick<RescoreBatchInput, 'source' | 'dryRun' | 'reason' | 'requestedBy'>;

export function batchDetails(progress: BatchProgress): string {
  const { counts, limits, inFlight, doneInPhase, toDo, dryRun } = progress;
  const phase = progress.phase === 'plan' ? 'computing' : 'writing';
  const state = progress.paused ? 'paused' : phase;
  const rows: [string, string][] = [
    ['state', progress.status === 'running' ? state : progress.status],
    [progress.phase === 'plan' ? 'computed' : 'written or failed', `${doneInPhase} of ${toDo}`],
    ['unchanged', String(counts.unchanged)],
    ['changed', String(counts.changed)],
    ['written', dryRun ? 'dry run: nothing is written' : String(counts.written)],
    ['failed', `${counts.failed}, at most ${describeTolerance(limits.tolerance)}`],
    ['in flight', `${inFlight.items} in ${inFlight.children} of ${limits.concurrency} children`],
    ['rate', progress.itemsPerMinute === null ? '–' : `${progress.itemsPerMinute} a minute`],
    ['remaining', progress.remainingS === null ? '–' : durationOf(progress.remainingS)],
  ];
  const codes = Object.entries(progress.failureCodes).map(
    ([code, count]) => `| ${code} | ${count} |`,
  );
  return [
    '| batch | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    ...codes,
  ].join('\n');
}

/** `45 s`, `12 min`, `3 h 20 min`. */
export function durationOf(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
