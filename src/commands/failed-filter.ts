/** Which failed scorings a command means, from its options. */
import type { Command } from 'commander';
import { failures, isFailureCode } from '../failures.ts';
import type { FailedFilter } from '../operate/failed-scorings.ts';
import { UsageError } from './exit-codes.ts';
import { parseWindow } from './parse-when.ts';
import { parseLessonFilter } from './rescore-source.ts';

export interface FilterOptions {
  code?: string[];
  lesson?: string;
  since?: string;
  until?: string;
  limit?: string;
}

export function addFilterOptions(command: Command, limit: string): Command {
  return command
    .option('--code <code...>', 'only these codes of docs/failures.md')
    .option('--lesson <lesson>', 'content type[/level[/title[/line]]]')
    .option('--since <when>', 'failed since 2026-11-01, or in the last 2d, 12h, 30m')
    .option('--until <when>', 'failed before')
    .option('--limit <n>', limit);
}

export function failedFilterOf(options: FilterOptions, nowMs: number): FailedFilter {
  const { code, lesson, since, until } = options;
  const filter: FailedFilter = lesson === undefined ? {} : parseLessonFilter(lesson);
  if (code !== undefined) {
    filter.codes = code.map((one) => {
      const given = one.toUpperCase();
      if (isFailureCode(given)) return given;
      throw new UsageError(
        `--code ${one} is none of the failure codes: ${Object.keys(failures).join(', ')}.`,
      );
    });
  }
  return { ...filter, ...parseWindow({ since, until }, nowMs) };
}

export function limitOf({ limit }: FilterOptions): number | null {
  if (limit === undefined) return null;
  if (/^[1-9]\d{0,8}$/.test(limit)) return Number(limit);
  throw new UsageError('--limit must be a whole number of 1 or more.');
}
