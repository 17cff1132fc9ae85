/** Lesson lines, as the API lists them. */
import { callApi } from './call-api.ts';

export interface Lesson {
  contentType: string;
  level: number;
  title: string;
  line: number;
}

export interface Line {
  lesson: Lesson;
  sentence: string | null;
  links: { standardAudio: string };
}

export interface LinePage {
  lines: Line[];
  total: number;
  nextCursor: string | null;
}

export interface LineFilter {
  search: string;
  contentType: string;
  level: string;
  title?: string;
}

const AT_ONCE = 60;

export function listLines(
  filter: LineFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<LinePage> {
  const query = new URLSearchParams({ limit: String(AT_ONCE) });
  const wanted = Object.entries<string>({ ...filter });
  for (const [name, value] of wanted) if (value !== '') query.set(name, value);
  if (cursor !== null) query.set('cursor', cursor);
  return callApi<LinePage>(`/api/v1/lessons?${query}`, { signal });
}

/** Null where there is none (any more). */
export async function findLine(lesson: Lesson, signal: AbortSignal): Promise<Line | null> {
  const { contentType, level, title } = lesson;
  const filter = { contentType, level: String(level), title, search: '' };
  let cursor: string | null = null;
  do {
    const page: LinePage = await listLines(filter, cursor, signal);
    const found = page.lines.find((one) => one.lesson.line === lesson.line);
    if (found !== undefined) return found;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return null;
}

/** A line in the address of the page, so that it can be linked to; null where there is none. */
export function lessonInAddress(): Lesson | null {
  const query = new URLSearchParams(location.search);
  const [contentType, level, title, line] = ['contentType', 'level', 'title', 'line'].map((name) =>
    query.get(name),
  );
  if (contentType == null || title == null) return null;
  if (!/^\d+$/.test(level ?? '') || !/^\d+$/.test(line ?? '')) return null;
  return { contentType, level: Number(level), title, line: Number(line) };
}

export function addressOf(lesson: Lesson | null): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(lesson ?? {})) query.set(name, String(value));
  return lesson === null ? location.pathname : `${location.pathname}?${query}`;
}
