import { access, chmod, constants, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** The binary that an earlier run has put into the cache; rejects where there is none. */
export async function cachedBinary(cacheDir: string): Promise<string> {
  const path = cachedPath(cacheDir);
  await access(path, constants.X_OK).catch(() => {
    throw new Error(`nothing in ${cacheDir}`);
  });
  return path;
}

/**
 * Gives `fetch` an empty folder next to the cached binary, then moves the file it returns into
 * place in one step: of two runs that do this at once, both succeed and neither sees half a file.
 */
export async function addToCache(
  cacheDir: string,
  fetch: (folder: string) => Promise<string>,
): Promise<string> {
  const path = cachedPath(cacheDir);
  await mkdir(cacheDir, { recursive: true });
  const folder = await mkdtemp(join(resolve(cacheDir), 'download-'));
  try {
    const fetched = await fetch(folder);
    await chmod(fetched, 0o755);
    await rename(fetched, path);
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function cachedPath(cacheDir: string): string {
  return resolve(cacheDir, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
}
