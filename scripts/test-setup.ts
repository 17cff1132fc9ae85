/**
 * What the tests need beyond npm: a Temporal server and one that skips time, a Chromium, an ffmpeg, and AWS servers
 * that we did not write (ministack, moto), Django. Finds or installs each, says what it does, and fails in CI (where nothing may be
 * missing) with what to do.
 */
import { execFileSync } from 'node:child_process';
import { findFfmpeg } from '../src/adapters/find-ffmpeg.ts';
import { cacheFolder } from '../src/commands/stack-environment.ts';
import { findTemporalBinary } from '../src/local/temporal-binary.ts';
import { awsServersEnvironment } from '../test/support/aws-servers/install.ts';
import { findChromium } from '../test/support/chromium.ts';
import { djangoEnvironment } from '../test/support/django/install.ts';
import { timeSkippingBinary } from '../test/support/time-skipping-binary.ts';

const report = (line: string) => void process.stderr.write(`setup: ${line}\n`);

const temporal = await findTemporalBinary({
  env: process.env,
  cacheDir: cacheFolder(process.env),
  report,
});
report(`Temporal: ${temporal.path}`);

try {
  const { command } = await awsServersEnvironment(cacheFolder(process.env), report);
  report(`ministack and moto: ${command}`);
} catch (error) {
  report(
    `ministack and moto are missing: ${error instanceof Error ? error.message : String(error)}`,
  );
  report('The tests ministack and moto cannot run. Install Python 3.10 or newer with pip.');
  if (process.env['CI'] !== undefined) process.exitCode = 1;
}

try {
  const { command } = await djangoEnvironment(cacheFolder(process.env), report);
  report(`Django: ${command}`);
} catch (error) {
  report(`Django is missing: ${error instanceof Error ? error.message : String(error)}`);
  report('The test of the Django example cannot run. Install Python 3.10 or newer with pip.');
  if (process.env['CI'] !== undefined) process.exitCode = 1;
}

try {
  report(`Temporal's time-skipping server: ${timeSkippingBinary()}`);
} catch (error) {
  report(`The time-skipping server is missing: ${error instanceof Error ? error.message : ''}`);
  report('The test of a review that waits for months cannot run. Install Python 3 with pip.');
  if (process.env['CI'] !== undefined) process.exitCode = 1;
}

if (findChromium() === null) installPackage('chromium');
const chromium = findChromium();
if (chromium === null) {
  report('Chromium is missing: the Web UI test cannot run. Install the package "chromium",');
  report('or set CHROMIUM_PATH to an installed Chromium or Chrome.');
  // CI must not lose a test by accident; on a laptop the run goes on and that test fails by name.
  if (process.env['CI'] !== undefined) process.exitCode = 1;
} else report(`Chromium: ${chromium}`);

if ((await findFfmpeg(undefined)) === null) installPackage('ffmpeg');
const ffmpeg = await findFfmpeg(undefined);
if (ffmpeg === null) {
  report(
    'ffmpeg is missing: the tests of M4A recordings cannot run. Install the package "ffmpeg".',
  );
  if (process.env['CI'] !== undefined) process.exitCode = 1;
} else report(`ffmpeg: ${ffmpeg.path}`);

function installPackage(name: 'chromium' | 'ffmpeg'): void {
  if (process.getuid?.() !== 0) return;
  report(`installing ${name} with apt-get …`);
  try {
    const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as const, timeout: 300_000 };
    execFileSync('apt-get', ['update', '-qq'], { ...quiet, stdio: [...quiet.stdio] });
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
      ...quiet,
      stdio: [...quiet.stdio],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  } catch (error) {
    report(`apt-get could not: ${error instanceof Error ? error.message : String(error)}`);
  }
}
