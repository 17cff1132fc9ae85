/** A replay in words: the plan, each scoring's end, the sum of all. */
import { summaryOf } from '../contract.ts';
import type { ReplayableScoring } from '../operate/failed-scorings.ts';
import type { PlannedReplay } from '../operate/plan-replays.ts';
import type { ReplayEnd } from '../operate/replay-ports.ts';
import { helpless } from '../operate/replay-refusal.ts';
import type { LeftOut } from './choose-replays.ts';
import { SHORT_ID } from './short-id.ts';

/** How a replayed run ended; null while it runs, or where nobody waited. */
export interface ReplayedRun {
  scoring: ReplayableScoring;
  end: ReplayEnd;
  ended: { status: string; code: string | null } | null;
}

/** More are counted only. */
const LISTED = 20;

export function nothingText(leftOut: readonly LeftOut[]): string {
  if (leftOut.length === 0) return 'Nothing that failed matches.';
  return ['Nothing to replay:', ...countLines(leftOut.map(helplessLine))].join('\n');
}

export function planText(
  plan: readonly PlannedReplay[],
  ratePerSecond: number,
  leftOut: readonly LeftOut[] = [],
): string {
  const toReplay = plan.filter(({ kind }) => kind !== 'refused');
  const seconds = Math.round(Math.max(0, toReplay.length - 1) / ratePerSecond);
  const duration = toReplay.length > 1 ? `, spread over ${seconds} s` : '';
  const matching = plan.length + leftOut.reduce((sum, { count }) => sum + count, 0);
  const lines = [`To be replayed: ${toReplay.length} of ${matching}${duration}`];
  lines.push(...counted(toReplay.map(howOf)));
  const refused = [
    ...counted(plan.flatMap((one) => (one.kind === 'refused' ? [one.why] : []))),
    ...countLines(leftOut.map(helplessLine)),
  ];
  if (refused.length > 0) lines.push('Not replayed:', ...refused);
  if (plan.length <= LISTED) {
    lines.push('', ...plan.map((one) => `${titleOf(one.scoring)}  ${howOf(one)}`));
  }
  return lines.join('\n');
}

function howOf(planned: PlannedReplay): string {
  switch (planned.kind) {
    case 'refused':
      return planned.why;
    case 'reset':
      return `reset to ${planned.step}`;
    case 'new run':
      return 'new run: Temporal does not retain the failed one';
    case 'not looked at':
      return 'reset where Temporal retains the run, else a new run';
  }
}

function counted(reasons: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return countLines([...counts]);
}

function countLines(counts: readonly (readonly [reason: string, count: number])[]): string[] {
  return counts.map(([reason, count]) => `${String(count).padStart(6)}  ${reason}`);
}

function helplessLine({ code, count }: LeftOut) {
  return [helpless(code), count] as const;
}

function titleOf({ scoringId, lesson, code }: ReplayableScoring): string {
  return `${scoringId.slice(0, SHORT_ID)}  ${summaryOf(lesson)}  ${code ?? ''}`.trimEnd();
}

export function planJson({ scoring, ...how }: PlannedReplay) {
  const { scoringId, workflowId, code } = scoring;
  return { scoringId, workflowId, code, ...how };
}

export function replayedJson({ scoring, end, ended }: ReplayedRun) {
  const { scoringId, workflowId, code } = scoring;
  return { scoringId, workflowId, failedWith: code, ...end, ended };
}

/** A line for each of a few; the sums in any case. */
export function replayedText(runs: readonly ReplayedRun[]): string {
  const lines =
    runs.length > LISTED ? [] : runs.map((run) => `${titleOf(run.scoring)}  ${endOf(run)}`);
  return [...lines, sumOf(runs)].join('\n');
}

function endOf({ end, ended }: ReplayedRun): string {
  if (end.outcome !== 'started') return `not replayed: ${end.note}`;
  const how = end.how === 'reset' ? `reset to ${end.step}` : 'new run';
  return `${how}: ${ended === null ? 'running' : [wordOf(ended.status), ended.code].filter(Boolean).join(' ')}`;
}

function wordOf(status: string): string {
  return status === 'reviewing' ? 'waits for a teacher' : status;
}

function sumOf(runs: readonly ReplayedRun[]): string {
  const started = runs.filter(({ end }) => end.outcome === 'started');
  const states = new Map<string, number>();
  for (const { ended } of started) {
    const state =
      ended === null
        ? 'running'
        : ended.status === 'failed'
          ? 'failed again'
          : ended.status === 'reviewing'
            ? 'waiting for a teacher'
            : ended.status;
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  const refused = runs.length - started.length;
  return [
    `${started.length} replayed`,
    ...[...states].map(([state, count]) => `${count} ${state}`),
    ...(refused === 0 ? [] : [`${refused} not replayed`]),
  ].join(', ');
}

const WIDTH = 24;

/** How many have ended, or never began. */
export function dealtWith(runs: readonly ReplayedRun[]): number {
  return runs.filter(({ end, ended }) => end.outcome !== 'started' || ended !== null).length;
}

/** `started 12/40 ████░░ 9 ended`. */
export function replayLine(runs: readonly ReplayedRun[], total: number): string {
  const full = Math.round((dealtWith(runs) / Math.max(1, total)) * WIDTH);
  const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
  return `${bar} ${runs.length}/${total} started, ${sumOf(runs)}`;
}
