import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { comparePitch } from '../../bench/compare-pitch.ts';
import { readPitchTable } from '../../bench/pitch-table.ts';
import { createPitchTracker } from '../../src/adapters/essentia.ts';
import { layPitchFrames } from '../../src/audio/pitch-frames.ts';
import { defaultPitchRange } from '../../src/audio/two-pass-pitch.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const table = fileURLToPath(new URL('../../examples/lessons/praat-pitch.json', import.meta.url));

async function bench(
  ...options: string[]
): Promise<{ stdout: string; stderr: string; code: number }> {
  const args = ['--import', 'tsx', 'bench/pitch.ts', ...options];
  try {
    return { ...(await promisify(execFile)(process.execPath, args, { cwd: root })), code: 0 };
  } catch (error) {
    return error as { stdout: string; stderr: string; code: number };
  }
}

describe('pitch against Praat', () => {
  for (const engine of ['fft', 'essentia'] as const) {
    it(`agrees with Praat on the 60 lesson recordings, with ${engine}`, async () => {
      const recordings = readPitchTable(table);
      assert.equal(recordings.length, 60);
      const result = comparePitch(await createPitchTracker(engine), recordings);
      assert.ok(result.voicingDifferencePercent <= 1, `${result.voicingDifferencePercent} %`);
      assert.ok(result.grossErrorPercent <= 0.3, `${result.grossErrorPercent} %`);
      assert.ok(result.medianAbsoluteCents <= 1, `${result.medianAbsoluteCents} cents`);
    });
  }

  it('gives the same contours with both engines, up to one step of rounding', async () => {
    const [fast, reference] = await Promise.all([
      createPitchTracker('fft'),
      createPitchTracker('essentia'),
    ]);
    let frames = 0;
    let different = 0;
    for (const { name, samples } of readPitchTable(table)) {
      const own = fast.track(samples);
      const theirs = reference.track(samples);
      for (const pass of ['contour', 'refined'] as const) {
        assert.equal(own[pass].hz.length, theirs[pass].hz.length, name);
        own[pass].hz.forEach((hz, at) => {
          const expected = theirs[pass].hz[at] ?? NaN;
          frames++;
          if (hz === expected) return;
          different++;
          // essentia computes in single precision: a value near the middle may round the other way.
          assert.equal(hz > 0, expected > 0, `${name}, frame ${at}`);
          assert.ok(Math.abs(hz - expected) < 0.0101, `${name}, frame ${at}: ${hz}, ${expected}`);
        });
      }
    }
    assert.ok(different <= 0.001 * frames, `${different} of ${frames}`);
  });

  it('lays its frames where Praat does', () => {
    for (const { name, samples, reference } of readPitchTable(table)) {
      const frames = layPitchFrames(samples.length, defaultPitchRange);
      assert.equal(frames.count, reference.hz.length, name);
      // The table's times are rounded to 0.1 ms.
      assert.ok(Math.abs(frames.startS - reference.t0) < 0.0001, name);
    }
  });

  it('prints the comparison as one JSON object, for a table with paths of its own', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'elocute-pitch-'));
    const small = join(folder, 'table.json');
    const { files } = JSON.parse(await readFile(table, 'utf8')) as { files: object };
    const entries = Object.entries(files)
      .slice(0, 2)
      .map(([name, contour]) => [relative(folder, join(dirname(table), name)), contour as unknown]);
    await writeFile(small, JSON.stringify({ files: Object.fromEntries(entries) as unknown }));
    const { stdout } = await bench('--data', small, '--json');
    await rm(folder, { recursive: true });
    const result = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(Object.keys(result), [
      'files',
      'voicingDifferencePercent',
      'grossErrorPercent',
      'medianAbsoluteCents',
      'cpuSPerAudioS',
    ]);
    assert.equal(result['files'], 2);
    assert.ok(Object.values(result).every((value) => typeof value === 'number'));
  });

  it('says what is wrong with a table it cannot use, and exits with 2', async () => {
    const cases: [options: string[], message: RegExp][] = [
      [[], /^Usage: npm run bench:pitch/],
      [['--data', 'nowhere.json'], /^Cannot read nowhere\.json: ENOENT/],
      [['--data', 'README.md', '--unknown'], /Unknown option '--unknown'/],
      [['--data', 'eslint.config.js'], /eslint\.config\.js is not JSON/],
      [['--data', 'package.json'], /package\.json: expected \{"files"/],
    ];
    for (const [options, message] of cases) {
      const { stdout, stderr, code } = await bench(...options);
      assert.equal(code, 2);
      assert.match(stderr, message);
      assert.equal(stdout, '');
    }
  });
});
