/** `elocute migrate`: brings the schema `elocute` up to date. */
import type { Command } from 'commander';
import { migrate } from '../adapters/migrations.ts';
import { databaseUrlOf } from '../adapters/migrated-secrets.ts';
import { loadConfig } from '../config.ts';
import { needing } from './exit-codes.ts';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('create or update the tables of the schema "elocute" in PostgreSQL')
    .option('--json', 'print {"applied": [...]} on standard output')
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgresql://… elocute migrate')
    .action(async (options: { json?: boolean }) => {
      const url = await databaseUrlOf(loadConfig(process.env));
      const advice = 'Check DATABASE_URL (or POSTGRES_CONFIG) and the rights of its user.';
      const applied = await needing(`PostgreSQL at ${new URL(url).host}`, advice, () =>
        migrate(url),
      );
      if (options.json === true) {
        process.stdout.write(`${JSON.stringify({ applied })}\n`);
        return;
      }
      const what = applied.length === 0 ? 'Nothing to do.' : `Applied: ${applied.join(', ')}`;
      process.stdout.write(`${what}\n`);
    });
}
