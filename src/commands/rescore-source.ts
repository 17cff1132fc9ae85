/** Which scorings a rescoring means, from the options of the command line; never all by accident. */
import { readFileSync } from 'node:fs';
import type { Database } from '../adapters/postgres.ts';
import type { BatchSource, ScoringFilter } from '../batches/batch.ts';
import { UsageError } from './exit-codes.ts';
import { parseWindow } from './parse-when.ts';
import { findScorings } from './stored-scoring.ts';

export interface SourceOptions {
  ids?: string[];
  file?: string;
  prefix?: string;
  lesson?: string;
  since?: string;
  until?: string;
  outdated?: boolean;
  all?: boolean;
}

/** The ids of a local file are uploaded first: they do not travel through Temporal. */
export type ChosenSource = BatchSource | { kind: 'lines'; ids: string[] };

/** More are handed over as a file. */
const MOST_IDS = 100;

export async function chooseSource(
  options: SourceOptions,
  database: Database,
): Promise<ChosenSource> {
  const filter = filterOf(options);
  const isFiltered = options.all === true || Object.keys(filter).length > 0;
  const given = [options.ids, options.file, options.prefix, isFiltered ? filter : undefined];
  const count = given.filter((one) => one !== undefined).length;
  if (count === 0) {
    throw new UsageError(
      'Say which scorings: --ids, --file, --prefix, --lesson, --since, --until, --outdated, or --all for every completed one.',
    );
  }
  if (count > 1) throw new UsageError('Give --ids, --file, --prefix or a filter, not several.');
  if (options.all === true && Object.keys(filter).some((name) => name !== 'outdated')) {
    throw new UsageError('--all means every scoring; leave it out to narrow by lesson or time.');
  }
  if (options.ids !== undefined) return idsOf(await resolveIds(options.ids, database));
  if (options.file !== undefined) return fileOf(options.file);
  if (options.prefix !== undefined) return parsePrefix(options.prefix);
  return { kind: 'filter', filter };
}

/** What lies in S3 already is read by the worker, in ranges; what lies here is handed over. */
function fileOf(file: string): ChosenSource {
  if (!file.startsWith('s3://')) return { kind: 'lines', ids: readIds(file) };
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(file) ?? [];
  if (bucket === undefined || key === undefined) {
    throw new UsageError(`--file "${file}" is not written as s3://bucket/key.`);
  }
  return { kind: 'file', object: { bucket, key, versionId: null, etag: null } };
}

function idsOf(ids: string[]): ChosenSource {
  return ids.length > MOST_IDS ? { kind: 'lines', ids } : { kind: 'ids', ids };
}

function filterOf({ lesson, since, until, outdated }: SourceOptions): ScoringFilter {
  const filter: ScoringFilter = lesson === undefined ? {} : parseLessonFilter(lesson);
  if (outdated === true) filter.outdated = true;
  return { ...filter, ...parseWindow({ since, until }, Date.now()) };
}

/** `novel`, `novel/2`, `novel/level_2/A Breath of Life`, `novel/2/A Breath of Life/3`. */
export function parseLessonFilter(text: string): ScoringFilter {
  const pattern =
    /^([^/]+)(?:\/(?:level_)?(\d{1,4})(?:\/([^/]+)(?:\/(?:audio_line_)?(\d{1,5}))?)?)?$/;
  const [, contentType, level, title, line] = pattern.exec(text) ?? [];
  if (contentType === undefined) {
    throw new UsageError(
      `--lesson "${text}" is not written as content type[/level[/title[/line]]]. Example: "novel/2/A Breath of Life"`,
    );
  }
  return {
    contentType,
    ...(level === undefined ? {} : { level: Number(level) }),
    ...(title === undefined ? {} : { title }),
    ...(line === undefined ? {} : { line: Number(line) }),
  };
}

function parsePrefix(text: string): ChosenSource {
  const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.*)$/.exec(text) ?? [];
  if (bucket === undefined || prefix === undefined) {
    throw new UsageError(
      `--prefix "${text}" is not written as s3://bucket/prefix. Example: s3://user-audio-file/user-audio-file/482/`,
    );
  }
  return { kind: 'prefix', bucket, prefix };
}

/** Beginnings of 8 digits or more, and workflow ids, become whole ids. */
async function resolveIds(ids: readonly string[], database: Database): Promise<string[]> {
  const whole: string[] = [];
  for (const id of ids) {
    const found = /^[0-9a-f]{64}$/.test(id) ? [{ id }] : await findScorings(database, id);
    const [scoring] = found;
    if (scoring === undefined) throw new UsageError(`No scoring is known as ${id}.`);
    if (found.length > 1) throw new UsageError(`${id} begins several scorings; give more digits.`);
    whole.push(scoring.id);
  }
  return whole;
}

/** Whole ids, one a line, or JSON lines with `id`. */
export function readIds(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`${file} cannot be read. Give the path of a file with one id a line.`);
  }
  const ids = text.split(/\r?\n/).flatMap((line, index) => {
    const given = line.trim();
    if (given === '') return [];
    const id = given.startsWith('{') ? idOfJson(given) : given;
    if (/^[0-9a-f]{64}$/.test(id)) return [id];
    throw new UsageError(
      `${file}, line ${index + 1}: not a scoring id of 64 hex digits, nor JSON with such an "id".`,
    );
  });
  if (ids.length === 0) throw new UsageError(`${file} holds no ids.`);
  return [...new Set(ids)];
}

function idOfJson(line: string): string {
  try {
    const { id } = JSON.parse(line) as { id?: unknown };
    return typeof id === 'string' ? id : '';
  } catch {
    return '';
  }
}
