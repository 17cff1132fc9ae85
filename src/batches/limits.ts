/** Which limits make sense, and when failures are too many. */
import type { BatchCounts, BatchLimits, LimitChange, Tolerance } from './batch.ts';

export const DEFAULT_LIMITS: BatchLimits = {
  concurrency: 4,
  tolerance: { count: 0, percent: null },
  maxMove: 10,
  chunkSize: 20,
};

/** More children at once would only queue up, and make the batch's history grow in bursts. */
const MOST_CHILDREN = 100;
/** A child must end within seconds, so that pausing and cancelling do. */
const MOST_ITEMS = 500;

/** What is wrong with a change, one sentence each; empty where it can be made. */
export function limitProblems(change: LimitChange): string[] {
  const { concurrency, tolerance, maxMove, chunkSize } = change;
  const problems = Object.keys(change)
    .filter((name) => !(name in DEFAULT_LIMITS))
    .map((name) => `${name} is no limit of a batch`);
  const whole = (name: string, value: number | undefined, most: number) => {
    if (value === undefined || (Number.isInteger(value) && value >= 1 && value <= most)) return;
    problems.push(`${name} must be a whole number from 1 to ${most}, not ${value}`);
  };
  whole('concurrency', concurrency, MOST_CHILDREN);
  whole('chunk size', chunkSize, MOST_ITEMS);
  if (maxMove !== undefined && !(Number.isFinite(maxMove) && maxMove >= 0 && maxMove <= 100)) {
    problems.push(`max-move must be from 0 to 100 points, not ${maxMove}`);
  }
  if (tolerance !== undefined) problems.push(...toleranceProblems(tolerance));
  return problems;
}

function toleranceProblems({ count, percent }: Tolerance): string[] {
  const problems: string[] = [];
  if (count !== null && !(Number.isInteger(count) && count >= 0)) {
    problems.push(`tolerated failures must be a whole number from 0, not ${count}`);
  }
  if (percent !== null && !(percent >= 0 && percent <= 100)) {
    problems.push(`tolerated failures must be from 0% to 100%, not ${percent}%`);
  }
  if (count === null && percent === null) {
    problems.push('tolerated failures must be given as a number or a percentage');
  }
  return problems;
}

/** More failures than either limit allows. Percent is of all items, so that an early one is no end. */
export function toleranceExceeded(
  { count, percent }: Tolerance,
  failed: number,
  total: number,
): boolean {
  if (count !== null && failed > count) return true;
  return percent !== null && failed * 100 > percent * total;
}

/** `20`, `5%`, or both. */
export function describeTolerance({ count, percent }: Tolerance): string {
  const parts = [count === null ? null : String(count), percent === null ? null : `${percent}%`];
  return parts.filter((part) => part !== null).join(' and ');
}

/** `812 unchanged, 188 changed, 2 failed (ANALYSES_MISSING 2)`. */
export function describeCounts(
  counts: BatchCounts,
  codes: Partial<Record<string, number>>,
  dryRun: boolean,
): string {
  const { unchanged, changed, written, failed } = counts;
  const named = Object.entries(codes).map(([code, count]) => `${code} ${count ?? 0}`);
  return [
    `${unchanged} unchanged`,
    `${changed} changed`,
    ...(dryRun ? [] : [`${written} written`]),
    `${failed} failed${named.length === 0 ? '' : ` (${named.join(', ')})`}`,
  ].join(', ');
}
