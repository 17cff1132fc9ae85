/** `elocute standards`: standard recordings that something is wrong with, for content editors. */
import type { Command } from 'commander';
import { findFaultyStandards, type CheckedStandard } from '../adapters/postgres-standards.ts';
import { openDatabase } from '../adapters/postgres.ts';
import { databaseUrlOf } from '../adapters/migrated-secrets.ts';
import type { Language } from '../scoring/messages/message.ts';
import { commandEnvironment, DEFAULT_DATA_FOLDER } from './command-environment.ts';

export function addStandards(program: Command): void {
  program
    .command('standards')
    .description('list standard recordings with findings, and what to do about them')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print JSON lines on standard output')
    .addHelpText('after', '\nExample:\n  elocute standards --json')
    .action(standards);
}

async function standards(options: { data: string; json?: boolean }): Promise<void> {
  const { config } = commandEnvironment(options.data);
  const database = openDatabase({ connectionString: await databaseUrlOf(config), poolSize: 1 });
  try {
    const found = await findFaultyStandards(database);
    if (options.json === true) {
      for (const standard of found) process.stdout.write(`${jsonLineOf(standard)}\n`);
    } else {
      process.stdout.write(`${describeStandards(found, config.FEEDBACK_LANGUAGE)}\n`);
    }
  } finally {
    await database.close();
  }
}

/** A block for each standard: its key, then a line for each finding. */
export function describeStandards(
  standards: readonly CheckedStandard[],
  language: Language,
): string {
  if (standards.length === 0) {
    return 'Nothing is wrong with any standard that was compared with so far.';
  }
  return standards
    .map(({ bucket, object_key, findings }) =>
      [
        `${bucket}/${object_key}`,
        ...findings.map(({ code, message }) => `  ${code.padEnd(15)} ${message[language]}`),
      ].join('\n'),
    )
    .join('\n\n');
}

function jsonLineOf(standard: CheckedStandard): string {
  return JSON.stringify({
    bucket: standard.bucket,
    key: standard.object_key,
    version: standard.version,
    sha256: standard.sha256,
    findings: standard.findings,
    formulaVersion: standard.formula_version,
    checkedAt: standard.checked_at,
  });
}
