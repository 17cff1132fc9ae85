/** Which scorings a replay means: ids, or a filter; never all by accident. */
import { isFailureCode, type FailureCode } from '../failures.ts';
import {
  isEmptyFilter,
  type FailedScorings,
  type ReplayableScoring,
} from '../operate/failed-scorings.ts';
import { helplessCodes } from '../operate/replay-refusal.ts';
import { UsageError } from './exit-codes.ts';
import { failedFilterOf, limitOf, type FilterOptions } from './failed-filter.ts';

export interface ChoiceOptions extends FilterOptions {
  dryRun?: boolean;
  yes?: boolean;
  force?: boolean;
}

export interface ChosenReplays {
  chosen: ReplayableScoring[];
  /** Of a filter: what it also meets, and a replay cannot help. */
  leftOut: LeftOut[];
}

export interface LeftOut {
  code: FailureCode;
  count: number;
}

/** Refuses what would mean everything, or more than one without being asked. */
export function checkChoice(ids: readonly string[], options: ChoiceOptions): void {
  const filtered = !isEmptyFilter(failedFilterOf(options, Date.now()));
  limitOf(options);
  if (ids.length > 0 && filtered) throw new UsageError('Give ids or a filter, not both.');
  if (ids.length === 0 && !filtered) {
    throw new UsageError(
      'Say which scorings: ids, or a filter (--code, --lesson, --since, --until). `elocute failed` lists them.',
    );
  }
  const asks = process.stdin.isTTY && process.stderr.isTTY;
  if (ids.length !== 1 && !asks && options.yes !== true && options.dryRun !== true) {
    throw new UsageError('More than one may match: look with --dry-run, then give --yes.');
  }
}

export async function chooseReplays(
  ids: readonly string[],
  options: ChoiceOptions,
  scorings: FailedScorings,
): Promise<ChosenReplays> {
  if (ids.length === 0) {
    const filter = failedFilterOf(options, Date.now());
    const except = helplessCodes(options.force === true);
    const counts = await scorings.countByCode(filter);
    return {
      chosen: await scorings.toReplay(filter, limitOf(options), except),
      leftOut: counts.flatMap(({ code, count }) =>
        isFailureCode(code) && except.includes(code) ? [{ code, count }] : [],
      ),
    };
  }
  const chosen = new Map<string, ReplayableScoring>();
  for (const id of ids) {
    const found = await scorings.find(id);
    const [scoring] = found;
    if (scoring === undefined) {
      throw new UsageError(
        `No scoring that has ended is known as ${id}; \`elocute failed\` lists those that failed.`,
      );
    }
    if (found.length > 1) throw new UsageError(`${id} begins several scorings; give more digits.`);
    chosen.set(scoring.scoringId, scoring);
  }
  return { chosen: [...chosen.values()].slice(0, limitOf(options) ?? Infinity), leftOut: [] };
}
