/** `elocute failed`: what failed and what to do about it, from the database alone. */
import type { Command } from 'commander';
import { createFailedScorings } from '../adapters/postgres-failed-scorings.ts';
import { failureOf, isFailureCode } from '../failures.ts';
import {
  commandEnvironment,
  DEFAULT_DATA_FOLDER,
  openConfiguredDatabase,
} from './command-environment.ts';
import { addFilterOptions, failedFilterOf, limitOf, type FilterOptions } from './failed-filter.ts';
import { WHEN_HELP } from './parse-when.ts';
import { adviceByCode, failedJson, failedTable } from './failed-table.ts';

interface FailedOptions extends FilterOptions {
  data: string;
  json?: boolean;
}

const SHOWN = 50;

export function addFailed(program: Command): void {
  addFilterOptions(
    program.command('failed').description('list scorings that failed, and what to do, by code'),
    `list so many, the latest first (default: ${SHOWN}); the counts are of all`,
  )
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print {total, counts, scorings} on standard output')
    .addHelpText(
      'after',
      `
Asks the database, so it also shows what Temporal has forgotten. Prints no keys and no users.
${WHEN_HELP}

Examples:
  elocute failed --since 1d
  elocute failed --code SPEECH_QUOTA SPEECH_DENIED --lesson novel/2 --json`,
    )
    .action(failed);
}

async function failed(options: FailedOptions): Promise<void> {
  const filter = failedFilterOf(options, Date.now());
  const limit = limitOf(options) ?? SHOWN;
  const { config } = commandEnvironment(options.data);
  const database = await openConfiguredDatabase(config);
  try {
    const store = createFailedScorings(database);
    const counts = await store.countByCode(filter);
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    const scorings = await store.list(filter, limit);
    if (options.json === true) {
      const advised = counts.map((one) => ({
        ...one,
        advice: isFailureCode(one.code) ? failureOf(one.code).operator : null,
      }));
      print(JSON.stringify({ total, counts: advised, scorings: scorings.map(failedJson) }));
      return;
    }
    if (total === 0) {
      print('Nothing has failed.');
      return;
    }
    print(failedTable(scorings));
    if (scorings.length < total)
      print(`The latest ${scorings.length} of ${total}; --limit shows more.`);
    print(`\n${adviceByCode(counts)}`);
  } finally {
    await database.close();
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
