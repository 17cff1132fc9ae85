/** Adds up the pages of a reconciliation. */
import type { ReconcileTotals } from '../contract/reconciliation.ts';

/** Lessons counted by name; more would make the totals grow without bound. */
const MOST_LESSONS = 200;
export const OTHER_LESSONS = 'other lessons';

export function addTotals(sum: ReconcileTotals, page: ReconcileTotals): ReconcileTotals {
  return {
    listed: sum.listed + page.listed,
    ignored: addCounts(sum.ignored, page.ignored, Infinity),
    older: sum.older + page.older,
    young: sum.young + page.young,
    scored: sum.scored + page.scored,
    running: sum.running + page.running,
    started: sum.started + page.started,
    left: sum.left + page.left,
    changed: sum.changed + page.changed,
    rowGone: sum.rowGone + page.rowGone,
    unreadable: (sum.unreadable ?? 0) + (page.unreadable ?? 0),
    failedToStart: sum.failedToStart + page.failedToStart,
    byLesson: addCounts(sum.byLesson, page.byLesson, MOST_LESSONS),
  };
}

function addCounts(
  sum: Record<string, number>,
  page: Record<string, number>,
  mostNames: number,
): Record<string, number> {
  const added = new Map(Object.entries(sum));
  for (const [name, count] of Object.entries(page)) {
    const known = added.has(name) || added.size < mostNames;
    const place = known ? name : OTHER_LESSONS;
    added.set(place, (added.get(place) ?? 0) + count);
  }
  return Object.fromEntries(added);
}
