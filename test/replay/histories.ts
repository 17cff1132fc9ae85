/** The committed histories: one per path of the workflow. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const HISTORIES = fileURLToPath(new URL('./histories/', import.meta.url));

export interface CommittedHistory {
  name: string;
  text: string;
}

export function committedHistories(): CommittedHistory[] {
  return readdirSync(HISTORIES)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: basename(file, '.json'),
      text: readFileSync(join(HISTORIES, file), 'utf8'),
    }));
}
