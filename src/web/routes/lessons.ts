/** Lesson lines and their standard recordings. */
import { z } from 'zod';
import { readCursor, writeCursor } from '../cursor.ts';
import { compareLessons, type CatalogueLine } from '../lesson-catalogue.ts';
import { Problem } from '../problems.ts';
import { route, type Route } from '../route.ts';
import {
  contentType,
  cursor,
  levelText,
  lessonLine,
  limit,
  lineText,
  search,
  title,
} from '../schemas.ts';
import { standardObject } from '../standard-object.ts';

/** A page plays it at once; whoever finds the address later hears nothing. */
const EXPIRES_IN_S = 300;
const SENTENCES_AT_ONCE = 8;

const everybody = ['learner', 'teacher', 'operator'] as const;

const position = z.tuple([contentType, levelText, title, lineText]);

const shownLine = z
  .object({
    lesson: lessonLine,
    sentence: z.string().nullable(),
    links: z.object({ standardAudio: z.string() }),
  })
  .meta({ id: 'Line' });

const wanted = z.strictObject({
  contentType: contentType.optional(),
  level: levelText.optional(),
  title: title.optional(),
  search: search.optional(),
  limit,
  cursor,
});

export const lessonRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/lessons',
    operationId: 'listLessons',
    summary: 'Lines that can be practised',
    description: 'From the standard bucket; half a minute old at most.',
    tag: 'lessons',
    access: everybody,
    query: wanted,
    answers: {
      200: {
        description: 'A page, in order.',
        schema: z
          .object({
            lines: z.array(shownLine),
            total: z.int().meta({ description: 'Lines that match, on all pages.' }),
            nextCursor: z.string().nullable(),
          })
          .meta({ id: 'LinePage' }),
      },
    },
    problems: ['CURSOR_INVALID', 'STORAGE_UNAVAILABLE', 'STORAGE_DENIED'],
    cached: true,
    async handle({ query, state, signal }) {
      const { cursor: given, limit: size, ...filter } = query;
      const after = readCursor(given, filter, position);
      const all = await state.catalogue.lines(signal);
      const matching = all.filter((one) => isWanted(one, filter));
      const rest =
        after === null
          ? matching
          : matching.filter(({ lesson }) => compareLessons(lesson, lineAt(after)) > 0);
      const page = rest.slice(0, size);
      const lines = await inTurns(page, SENTENCES_AT_ONCE, async (one) => ({
        lesson: one.lesson,
        sentence: await state.catalogue.sentenceOf(one, signal),
        links: { standardAudio: audioOf(one) },
      }));
      const last = rest.length > size ? page.at(-1)?.lesson : undefined;
      const next =
        last === undefined
          ? null
          : writeCursor(
              [last.contentType, String(last.level), last.title, String(last.line)],
              filter,
            );
      return { status: 200, body: { lines, total: matching.length, nextCursor: next } };
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/lessons/{contentType}/{level}/{title}/{line}/audio',
    operationId: 'getStandardAudio',
    summary: 'The standard recording of a line',
    tag: 'lessons',
    access: everybody,
    params: z.object({ contentType, level: levelText, title, line: lineText }),
    answers: { 302: { description: 'It lies at Location, for five minutes.' } },
    problems: ['NOT_FOUND', 'STORAGE_UNAVAILABLE', 'STORAGE_DENIED'],
    async handle({ params, deps, signal }) {
      const { objects, settings } = deps;
      const described = await objects.describe(standardObject(params, settings), signal);
      if (described === null) throw new Problem('NOT_FOUND', 'There is no such lesson line.');
      const location = await objects.presignGet(described.object, EXPIRES_IN_S);
      return { status: 302, headers: { location, 'cache-control': 'private, no-store' } };
    },
  }),
];

function isWanted({ lesson }: CatalogueLine, filter: Partial<z.infer<typeof wanted>>): boolean {
  if (filter.contentType !== undefined && lesson.contentType !== filter.contentType) return false;
  if (filter.level !== undefined && lesson.level !== filter.level) return false;
  if (filter.title !== undefined && lesson.title !== filter.title) return false;
  const searched = filter.search?.toLowerCase();
  return searched === undefined || lesson.title.toLowerCase().includes(searched);
}

function lineAt([kind, level, name, line]: z.infer<typeof position>) {
  return { contentType: kind, level, title: name, line };
}

function audioOf({ lesson }: CatalogueLine): string {
  const { contentType: kind, level, title: name, line } = lesson;
  const path = [kind, level, name, line].map((part) => encodeURIComponent(String(part))).join('/');
  return `/api/v1/lessons/${path}/audio`;
}

async function inTurns<T, R>(
  items: readonly T[],
  atOnce: number,
  run: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += atOnce) {
    results.push(...(await Promise.all(items.slice(first, first + atOnce).map(run))));
  }
  return results;
}
