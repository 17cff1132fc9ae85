/** A workflow as it must not be: it reads files, and a replay would read others. */
import { existsSync } from 'node:fs';

export function withFiles(): Promise<boolean> {
  return Promise.resolve(existsSync('/'));
}
