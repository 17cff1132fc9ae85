import { fork } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BinaryOptions } from './temporal-binary.ts';
import { addToCache } from './temporal-cache.ts';
import { temporalVersion } from './temporal-version.ts';

/** Give up when nothing has arrived for this long: a dead network, not a slow one. */
const STALL_MS = 20_000;

/**
 * Has the Temporal SDK download its development server into our cache, in a process of its own
 * because the SDK offers no way to break off a download. Resolves to the binary's path.
 */
export function downloadThroughSdk(options: BinaryOptions): Promise<string> {
  return addToCache(options.cacheDir, async (folder) => {
    options.report('Asking the Temporal SDK to download its development server…');
    await runDownload(folder, options.signal);
    const [file] = (await readdir(folder)).filter((name) => !name.endsWith('.downloading'));
    if (file === undefined) throw new Error('the SDK left no file behind');
    const path = join(folder, file);
    await temporalVersion(path);
    return path;
  });
}

function runDownload(folder: string, signal: AbortSignal | undefined): Promise<void> {
  const entry = `./temporal-sdk-download-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`;
  const child = fork(fileURLToPath(new URL(entry, import.meta.url)), [folder], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(signal === undefined ? {} : { signal }),
  });
  return new Promise((resolve, reject) => {
    let problem = '';
    let lastSize = -1;
    let lastGrowth = performance.now();
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (problem += text));
    const watch = setInterval(() => {
      void bytesIn(folder).then((size) => {
        if (size !== lastSize) lastGrowth = performance.now();
        lastSize = size;
        if (performance.now() - lastGrowth < STALL_MS) return;
        problem = `nothing arrived for ${STALL_MS / 1000} s`;
        child.kill('SIGKILL');
      });
    }, 500);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(watch);
      if (code === 0) resolve();
      else
        reject(
          new Error(firstLine(problem) ?? `the download process ended with ${code ?? 'a signal'}`),
        );
    });
  });
}

async function bytesIn(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function firstLine(text: string): string | undefined {
  return text.split('\n').find((line) => line.trim() !== '');
}
