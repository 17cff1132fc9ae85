/** What the teacher's view asks the API for. */
import { callApi } from './call-api.ts';
import type { Lesson, LinePage } from './lessons.ts';
import type { Difficulty, Insights, WaitingReview } from '../web-ports.ts';

export interface Listed {
  id: string;
  status: 'scoring' | 'completed' | 'failed' | 'superseded';
  userId: string;
  lesson: Lesson;
  sentence: string | null;
  attempt: string | null;
  createdAt: string | null;
  failure: { message: string } | null;
  links: { report: string };
  summary: {
    overall: number | null;
    accuracy: number | null;
    fluency: number | null;
    prosody: number | null;
    mispronouncedWords: string[];
  } | null;
}

export type { Difficulty, Insights };

export interface Finding {
  lesson: Lesson | null;
  findings: { code: string; message: { en: string; ko: string } }[];
}

export interface Review extends Pick<
  WaitingReview,
  'scoringId' | 'lesson' | 'because' | 'before' | 'endsAt'
> {
  userId: string;
  links: { learnerRecording: string; standardRecording: string };
}

export const FILTERS = [
  'contentType',
  'level',
  'search',
  'line',
  'class',
  'user',
  'status',
  'since',
  'until',
] as const;

export type FilterName = (typeof FILTERS)[number];

export type Filter = Record<FilterName, string>;

export const NO_FILTER = Object.fromEntries(FILTERS.map((name) => [name, ''])) as Filter;

/** What the list is sorted by: downwards first, as the API names it. */
export const SORTS = {
  when: ['latest', 'oldest'],
  overall: ['highest', 'lowest'],
  accuracy: ['highestAccuracy', 'lowestAccuracy'],
  fluency: ['highestFluency', 'lowestFluency'],
  prosody: ['highestProsody', 'lowestProsody'],
} as const;

export type SortedBy = keyof typeof SORTS;

export type Sort = (typeof SORTS)[SortedBy][number];

const DAY_MS = 86_400_000;

/** Days are those of whoever looks; the last one counts whole. @throws RangeError for no day */
export function filterQuery(filter: Filter): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    const value = filter[name].trim();
    if (value === '') continue;
    const day = new Date(`${value}T00:00:00`);
    if (name === 'since') query.set(name, day.toISOString());
    else if (name === 'until') query.set(name, new Date(day.getTime() + DAY_MS).toISOString());
    else query.set(name, value);
  }
  return query;
}

export async function listScorings(
  filter: Filter,
  sort: Sort,
  language: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<{ scorings: Listed[]; nextCursor: string | null }> {
  const query = filterQuery(filter);
  query.set('limit', '25');
  query.set('sort', sort);
  query.set('language', language);
  if (cursor !== null) query.set('cursor', cursor);
  return callApi(`/api/v1/scorings?${query.toString()}`, { signal });
}

export async function readInsights(filter: Filter, signal: AbortSignal): Promise<Insights> {
  return callApi(`/api/v1/insights?${filterQuery(filter).toString()}`, { signal });
}

/** Titles that hold what is typed, as far as one page of lines reaches. */
export async function readTitles(search: string): Promise<string[]> {
  const query = new URLSearchParams({ limit: '200', search: search.trim() });
  const { lines } = await callApi<LinePage>(`/api/v1/lessons?${query.toString()}`);
  return [...new Set(lines.map(({ lesson }) => lesson.title))];
}

export async function readFindings(): Promise<Finding[]> {
  return (await callApi<{ standards: Finding[] }>('/api/v1/standards/findings')).standards;
}

export async function readReviews(): Promise<Review[]> {
  return (await callApi<{ reviews: Review[] }>('/api/v1/reviews')).reviews;
}

export type Decision =
  { kind: 'accept' } | { kind: 'override'; reason: string; scores: { overall: number } };

export function decideReview(
  id: string,
  body: Decision,
): Promise<{ before: { overall: number | null }; after: { overall: number | null } }> {
  return callApi(`/api/v1/reviews/${id}`, { body });
}
