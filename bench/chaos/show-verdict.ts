import type { Verdict } from './verdict.ts';

const SHOWN_BREACHES = 30;

/** The outcome for people. */
export function showVerdict(verdict: Verdict): string {
  const { faults, forgiven, memoryMiB, invariants, breaches, logs } = verdict;
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  const lines = [
    `seed        ${verdict.seed}`,
    `uploads     ${verdict.uploads} accepted, ${faults.hostile} hostile, ${faults.overtaken} replaced or deleted`,
    `kills       ${verdict.kills}: ${list(faults.kills)}`,
    `restarts    ${list(faults.restarts)}`,
    `speech      ${list(faults.speech)}; to fail were ${list(faults.speechArmed)}`,
    `events      ${list(faults.events)}`,
    `rows        ${list(verdict.rows)}`,
    `found by reconciliation  ${verdict.reconciled.join(', ') || 'not run'}`,
    `speech calls paid        ${verdict.speechPaid.contents} contents, ${verdict.speechPaid.repeated} again, at most ${verdict.speechPaid.mostForOne} for one`,
    `forgiven                 ${forgiven.uploads}, at most ${forgiven.bound}: ${list(forgiven.reasons)}`,
    ...(['worker', 'starter'] as const).map((main) => {
      const [before, after] = [memoryMiB.before[main], memoryMiB.after[main]];
      return `memory of a ${main.padEnd(12)} ${before ?? '?'} MiB, at the end ${after ?? '?'}`;
    }),
    `seconds     ${verdict.seconds}`,
    '',
    ...Object.entries(invariants).map(([name, holds]) => `${holds ? 'ok    ' : 'BROKEN'} ${name}`),
    `lost ${verdict.lost}, dropped ${verdict.dropped}, doubled ${verdict.doubled}, stuck ${verdict.stuck}, orphans ${verdict.orphans}, wrong ${verdict.wrong}`,
    ...breaches.slice(0, SHOWN_BREACHES),
    ...(breaches.length > SHOWN_BREACHES ? [`… and ${breaches.length - SHOWN_BREACHES} more`] : []),
    ...(logs == null ? [] : [`Logs: ${logs}`]),
  ];
  return lines.join('\n');
}
