/** Reviews as a table; never a key or a user. */
import Table from 'cli-table3';
import type { StoredReview } from '../adapters/postgres-stored-reviews.ts';
import { summaryOf } from '../contract.ts';
import { tableStyle } from './colours.ts';
import { SCORES } from './reviewed-figures.ts';
import { SHORT_ID } from './short-id.ts';

/** Either all wait or all have ended: the last column is of what was asked for. */
export function reviewTable(reviews: readonly StoredReview[]): string {
  const haveEnded = reviews.some(({ decision }) => decision !== null);
  const table = new Table({
    head: [
      'id',
      'lesson line',
      ...SCORES,
      'confidence',
      'asked for by',
      haveEnded ? 'ended' : 'until',
    ],
    colAligns: ['left', 'left', ...SCORES.map(() => 'right' as const), 'right', 'left', 'left'],
    style: tableStyle(),
  });
  for (const review of reviews) {
    const { scoring_id, content_type: contentType, level, title, line } = review;
    table.push([
      scoring_id.slice(0, SHORT_ID),
      summaryOf({ contentType, level, title, line }),
      ...SCORES.map((name) => review.before[name] ?? '–'),
      review.confidence.toFixed(2),
      review.because,
      endOf(review),
    ]);
  }
  return table.toString();
}

function endOf({ decision, decided_at, ends_at }: StoredReview): string {
  const day = (at: Date | null) => at?.toISOString().slice(0, 10) ?? '';
  return decision === null ? day(ends_at) : `${decision} ${day(decided_at)}`;
}
