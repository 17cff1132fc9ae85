/** Scorings: one, or a page of many. */
import { z } from 'zod';
import { findScoring } from '../find-scoring.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { visibilityOf } from '../principal.ts';
import { route, signedIn, type Route } from '../route.ts';
import {
  cursor,
  language,
  limit,
  listedScoring as listedShape,
  scoring as shape,
  scoringId,
} from '../schemas.ts';
import { filterFor, scoringFilter } from '../scoring-filter.ts';
import { isRunning, listedScoring, shownScoring } from '../show-scoring.ts';
import { SCORING_ORDERS, type ScoringOrder, type ScoringRow } from '../web-ports.ts';

const position = z.tuple([
  z.string().regex(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z|\d{1,3}(\.\d+)?)$/),
  z.string().regex(/^[0-9a-f]{64}$/),
]);

const filters = z.strictObject({
  ...scoringFilter,
  sort: z
    .enum(Object.keys(SCORING_ORDERS) as [ScoringOrder, ...ScoringOrder[]])
    .optional()
    .meta({ description: 'Those by a score (`highest`: the overall one) list only what has it.' }),
  language,
  limit,
  cursor,
});

export const scoringRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/scorings',
    operationId: 'listScorings',
    summary: 'Scorings that have ended, the latest first unless another order is asked for',
    description:
      'A page at a time: hand `nextCursor` back with the same filters. While others are added or replayed, none is missed and none comes twice.',
    tag: 'scorings',
    access: ['learner', 'teacher', 'operator'],
    query: filters,
    answers: {
      200: {
        description: 'A page.',
        schema: z
          .object({ scorings: z.array(listedShape), nextCursor: z.string().nullable() })
          .meta({ id: 'ScoringPage' }),
      },
    },
    problems: ['CURSOR_INVALID'],
    cached: true,
    async handle({ query, principal, deps }) {
      const caller = signedIn({ principal });
      const { cursor: given, limit: size, language: wanted, sort, ...asked } = query;
      const order = sort ?? 'latest';
      const filter = filterFor(caller, asked);
      const visible = visibilityOf(caller);
      const listed = order === 'latest' ? filter : { ...filter, order };
      const below = readCursor(given, listed, position);
      const rows = await deps.scorings.list(
        filter,
        visible,
        below === null ? null : { value: below[0], id: below[1] },
        size + 1,
        order,
      );
      const page = rows.slice(0, size);
      const last = rows.length > size ? page.at(-1) : undefined;
      const options = { principal: caller, language: wanted ?? deps.settings.language };
      return {
        status: 200,
        body: {
          scorings: page.map((row) => listedScoring(row, options)),
          nextCursor:
            last === undefined ? null : writeCursor([positionOf(last, order), last.id], listed),
        },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/scorings/{id}',
    operationId: 'getScoring',
    summary: 'A scoring with its scores, words and advice',
    tag: 'scorings',
    access: ['learner', 'teacher', 'operator'],
    params: z.object({ id: scoringId }),
    query: z.strictObject({ language }),
    answers: { 200: { description: 'As it stands now.', schema: shape } },
    problems: ['NOT_FOUND', 'TEMPORAL_UNAVAILABLE'],
    cached: true,
    async handle({ params, query, principal, deps, signal }) {
      const caller = signedIn({ principal });
      const found = await findScoring(params.id, caller, deps, signal);
      const progress = isRunning(found)
        ? await deps.workflows.progress(found.workflowId, signal)
        : null;
      const options = { principal: caller, language: query.language ?? deps.settings.language };
      return { status: 200, body: shownScoring(found, progress, options) };
    },
  }),
];

function positionOf({ createdAt, result }: ScoringRow, order: ScoringOrder): string {
  const score = SCORING_ORDERS[order];
  return score === null ? createdAt : String(result?.[score]);
}
