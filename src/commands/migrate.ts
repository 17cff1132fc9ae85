/** `elocute migrate`: brings the schema `elocute` up to date. */
import type { Command } from 'commander';
import { migrate } from '../adapters/migrations.ts';
import { databaseUrlOf } from '../adapters/migrated-secrets.ts';
import { loadConfig } from '../config.ts';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('create or update the tables of the schema "elocute" in PostgreSQL')
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgresql://… elocute migrate')
    .action(async () => {
      const applied = await migrate(await databaseUrlOf(loadConfig(process.env)));
      const what = applied.length === 0 ? 'Nothing to do.' : `Applied: ${applied.join(', ')}`;
      process.stdout.write(`${what}\n`);
    });
}
