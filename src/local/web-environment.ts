/** What the web process of a local stack is told: a port, and a secret of its own data folder. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../config.ts';
import type { DataFolder } from './data-folder.ts';
import { freePort } from './free-port.ts';

/** Only what was not given. */
export async function webEnvironment(
  given: Environment,
  folder: Pick<DataFolder, 'root'>,
): Promise<Record<string, string>> {
  const port = given['WEB_PORT'] ? {} : { WEB_PORT: String(await freePort()) };
  const isShared = (given['WEB_JWT_ALGORITHM'] || 'HS256') === 'HS256';
  const secret = given['WEB_JWT_SECRET'] || !isShared ? {} : { WEB_JWT_SECRET: secretOf(folder) };
  return { ...port, ...secret };
}

export function webUrlOf(environment: Environment): string {
  const [origin, host, port] = ['WEB_ORIGIN', 'WEB_HOST', 'WEB_PORT'].map(
    (name) => environment[name],
  );
  return origin || `http://${host || '127.0.0.1'}:${port ?? ''}`;
}

/** Random, and kept: who is signed in stays so over a restart. Its beginning tells what it is for. */
function secretOf({ root }: Pick<DataFolder, 'root'>): string {
  const file = join(root, 'web-secret');
  if (!existsSync(file)) {
    writeFileSync(file, `local-${randomBytes(32).toString('hex')}`, { mode: 0o600 });
  }
  return readFileSync(file, 'utf8');
}
