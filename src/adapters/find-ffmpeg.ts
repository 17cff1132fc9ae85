/** ffmpeg on this machine: optional, for AAC alone. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { promisify } from 'node:util';

export interface Ffmpeg {
  path: string;
  /** Part of the key of analyses that it decoded for. */
  version: string;
}

/** Where packages put it; PATH is not asked, so that nobody's folder can slip in another. */
const USUAL_PATHS = ['/usr/bin/ffmpeg', '/usr/local/bin/ffmpeg', '/opt/homebrew/bin/ffmpeg'];
const WITHIN_MS = 10_000;

/**
 * Null where there is none: M4A is refused then. `given` undefined: the usual places; empty: none.
 * @throws Error where a given one does not run: somebody counts on it.
 */
export async function findFfmpeg(given: string | undefined): Promise<Ffmpeg | null> {
  if (given === '') return null;
  const path = given ?? USUAL_PATHS.find(isExecutable);
  if (path === undefined) return null;
  try {
    const { stdout } = await promisify(execFile)(path, ['-hide_banner', '-version'], {
      env: {},
      timeout: WITHIN_MS,
    });
    const version = /^ffmpeg version (\S{1,60})/.exec(stdout)?.[1];
    if (version === undefined) throw new Error('it does not say its version');
    return { path, version };
  } catch (cause) {
    if (given === undefined) return null;
    throw new Error(`FFMPEG_PATH: ${path} does not run as ffmpeg`, { cause });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
