/** Other versions of Node.js, from npm's `node-{os}-{arch}` packages, kept in the cache folder. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_FOLDER } from './services.ts';

/** The newest of each supported line that npm has packaged. */
export const OTHER_NODES = ['22.23.3', '24.9.0'];

/** Path of a `node` of exactly this version; installed where it is not yet. */
export function otherNode(version: string): string {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(CACHE_FOLDER, `node-${version}`);
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    const args = ['install', '--prefix', folder, '--no-audit', '--no-fund', `${name}@${version}`];
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 180_000 });
  }
  return binary;
}
