/** Scorings as a table for spreadsheets. */
import { z } from 'zod';
import { BYTE_ORDER_MARK, csvLine } from '../csv.ts';
import { visibilityOf } from '../principal.ts';
import { route, signedIn, type Route } from '../route.ts';
import type { ScoringFilter, ScoringReader, ScoringRow } from '../web-ports.ts';
import type { Visibility } from '../principal.ts';
import { filterFor, scoringFilter } from '../scoring-filter.ts';

const AT_ONCE = 500;
/** More rows than a spreadsheet opens are no table any more. */
const MOST = 1_000_000;

const COLUMNS = [
  'scoring',
  'created',
  'learner',
  'content type',
  'level',
  'title',
  'line',
  'sentence',
  'status',
  'attempt',
  'overall',
  'accuracy',
  'fluency',
  'prosody',
  'completeness',
  'words to practise',
  'failure',
];

export const scoringTableRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/scorings.csv',
    operationId: 'exportScorings',
    summary: 'Scorings as a CSV file, the latest first',
    description:
      'UTF-8 with a byte order mark. A cell that a spreadsheet would compute begins with an apostrophe. At most 1,000,000 rows: a last line says so where it was cut off.',
    tag: 'scorings',
    access: ['teacher', 'operator'],
    query: z.strictObject(scoringFilter),
    answers: { 200: { description: 'A table.', schema: z.string(), contentType: 'text/csv' } },
    // So that a wrong filter is a rejection, as everywhere.
    // eslint-disable-next-line @typescript-eslint/require-await
    async handle({ query, principal, deps, signal }) {
      const caller = signedIn({ principal });
      const filter = filterFor(caller, query);
      const lines = scoringTable(deps.scorings, filter, visibilityOf(caller), signal);
      return {
        status: 200,
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="scorings.csv"',
          'cache-control': 'private, no-store',
        },
        stream: lines,
      };
    },
  }),
];

/** A page at a time: however many there are, the process holds one page of them. */
export async function* scoringTable(
  scorings: ScoringReader,
  filter: ScoringFilter,
  visible: Visibility,
  signal: AbortSignal,
  most = MOST,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + csvLine(COLUMNS);
  let below: { value: string; id: string } | null = null;
  for (let count = 0; count < most && !signal.aborted; count += AT_ONCE) {
    const rows: ScoringRow[] = await scorings.list(filter, visible, below, AT_ONCE);
    yield rows.map((row) => csvLine(cellsOf(row))).join('');
    const last = rows.at(-1);
    if (last === undefined || rows.length < AT_ONCE) return;
    below = { value: last.createdAt, id: last.id };
  }
  if (signal.aborted) return;
  const [older] = await scorings.list(filter, visible, below, 1);
  if (older !== undefined) yield csvLine([`cut off: older ones than these ${most} match too`]);
}

function cellsOf(row: ScoringRow): (string | number | null)[] {
  const { lesson, result } = row;
  return [
    row.id,
    row.createdAt,
    row.userId,
    lesson.contentType,
    lesson.level,
    lesson.title,
    lesson.line,
    row.sentence,
    row.status,
    row.attemptKind,
    result?.overall ?? null,
    result?.accuracy ?? null,
    result?.fluency ?? null,
    result?.prosody ?? null,
    result?.completeness ?? null,
    (result?.mispronouncedWords ?? []).join(' '),
    row.failureCode,
  ];
}
