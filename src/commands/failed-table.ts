/** Failed scorings as a table, and counts by code with what to do; never a key or a user. */
import Table from 'cli-table3';
import { summaryOf } from '../contract.ts';
import { failureOf, isFailureCode } from '../failures.ts';
import type { ReplayableScoring } from '../operate/failed-scorings.ts';
import { tableStyle } from './colours.ts';
import { SHORT_ID } from './short-id.ts';

export interface CodeCount {
  code: string;
  count: number;
}

export function failedTable(scorings: readonly ReplayableScoring[]): string {
  const table = new Table({
    head: ['id', 'failed at (UTC)', 'lesson line', 'code', 'attempts', 'replay helps'],
    colAligns: ['left', 'left', 'left', 'left', 'right', 'left'],
    style: tableStyle(),
  });
  for (const { scoringId, finishedAt, lesson, code, attempts } of scorings) {
    table.push([
      scoringId.slice(0, SHORT_ID),
      finishedAt.slice(0, 16).replace('T', ' '),
      summaryOf(lesson),
      code ?? '',
      attempts,
      isReplayable(code) ? 'yes' : 'no',
    ]);
  }
  return table.toString();
}

/** One paragraph a code, the most frequent first. */
export function adviceByCode(counts: readonly CodeCount[]): string {
  const width = Math.max(...counts.map(({ count }) => String(count).length));
  return counts
    .map(({ code, count }) => {
      const advice = isFailureCode(code) ? failureOf(code).operator : 'Unknown to this version.';
      return `${String(count).padStart(width + 2)}  ${code}\n${' '.repeat(width + 4)}${advice}`;
    })
    .join('\n');
}

export function failedJson(scoring: ReplayableScoring) {
  const { scoringId, workflowId, runId, finishedAt, lesson, code, attempts } = scoring;
  const id = scoringId.slice(0, SHORT_ID);
  const replayable = isReplayable(code);
  return { id, scoringId, workflowId, runId, finishedAt, lesson, code, attempts, replayable };
}

function isReplayable(code: string | null): boolean {
  return isFailureCode(code) && failureOf(code).replayable;
}
