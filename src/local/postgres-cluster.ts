import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { POSTGRES_ENV } from './postgres-native.ts';
import type { PostgresUser } from './postgres-native.ts';

const run = promisify(execFile);

export const DATABASE_USER = 'elocute';

const MARKER = '.ephemeral';

export interface Cluster {
  /** What `postgres -D` gets. */
  folder: string;
  password: string;
}

/**
 * Where the files of the cluster go: below `dataDir`, unless PostgreSQL runs as another user who
 * cannot pass through one of its parents; then below `sharedRoot`, under a name made from `dataDir`.
 */
export function clusterFolder(dataDir: string, user: PostgresUser, sharedRoot: string): string {
  if (user === undefined || passable(realpathSync(dataDir))) return resolve(dataDir, 'cluster');
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 16);
  return join(sharedRoot, `postgres-${name}`);
}

/** May everybody pass through this folder and all its parents? */
function passable(folder: string): boolean {
  if ((statSync(folder).mode & 0o001) === 0) return false;
  const parent = dirname(folder);
  return parent === folder || passable(parent);
}

/**
 * Opens the cluster, creating it at first use with a random password, kept in `dataDir` for its
 * owner only. A cluster without its password file is the leftover of a deleted data folder or of an
 * interrupted start: it is made anew.
 */
export async function openCluster(
  native: string,
  dataDir: string,
  folder: string,
  user: PostgresUser,
): Promise<Cluster> {
  const passwordFile = join(dataDir, 'password');
  if (existsSync(passwordFile)) {
    if (existsSync(join(folder, 'PG_VERSION'))) {
      return { folder, password: readFileSync(passwordFile, 'utf8').trim() };
    }
    throw new Error(
      `${passwordFile} is there but its cluster ${folder} is gone: delete ${dataDir}.`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  mkdirSync(folder, { mode: 0o700 });
  const secret = mkdtempSync(join(dirname(folder), 'initdb-'));
  try {
    const secretFile = join(secret, 'password');
    writeFileSync(secretFile, `${password}\n`, { mode: 0o600 });
    if (user !== undefined) {
      for (const path of [folder, secret, secretFile]) chownSync(path, user.uid, user.gid);
    }
    const args = ['-D', folder, '-U', DATABASE_USER, '--pwfile', secretFile];
    args.push('-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--no-sync');
    await run(join(native, 'bin', 'initdb'), args, { ...user, cwd: '/', env: POSTGRES_ENV });
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
  // Last of all and in one step: from now on the cluster counts as complete.
  writeFileSync(`${passwordFile}.new`, `${password}\n`, { mode: 0o600 });
  chmodSync(`${passwordFile}.new`, 0o600);
  renameSync(`${passwordFile}.new`, passwordFile);
  return { folder, password };
}

/**
 * Marks a cluster outside its data folder as one that nobody will miss, and removes those whose
 * data folder is gone: test runs delete theirs and would otherwise leave some 40 MB each behind.
 */
export function tidyEphemeral(dataDir: string, folder: string, sharedRoot: string): void {
  for (const name of readdirSync(sharedRoot).filter((one) => one.endsWith(MARKER))) {
    const marker = join(sharedRoot, name);
    if (existsSync(readFileSync(marker, 'utf8'))) continue;
    rmSync(marker.slice(0, -MARKER.length), { recursive: true, force: true });
    rmSync(marker, { force: true });
  }
  if (dirname(folder) === sharedRoot) writeFileSync(`${folder}${MARKER}`, resolve(dataDir));
}
