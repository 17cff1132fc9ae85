import { readdirSync, readFileSync } from 'node:fs';

/** What undoes a migration: the second half of its file. */
export function downMigration(name: string): string {
  const file = new URL(`../../migrations/${name}.sql`, import.meta.url);
  const [, down] = readFileSync(file, 'utf8').split('-- Down Migration');
  if (down === undefined) throw new Error(`${name} cannot be undone`);
  return down;
}

/** The names of this migration and all later ones, in order. */
export function migrationsFrom(name: string): string[] {
  return readdirSync(new URL('../../migrations/', import.meta.url))
    .map((file) => file.replace(/\.sql$/, ''))
    .filter((other) => other >= name)
    .sort();
}
