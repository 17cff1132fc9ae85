import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  createAutocorrelate,
  createPitchTracker,
  essentiaMessage,
  loadEssentia,
} from '../../src/adapters/essentia.ts';
import { AudioError } from '../../src/audio/audio-error.ts';

const mebibyte = 1024 * 1024;

function saw(hz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: Math.round(16_000 * seconds) }, (_, i) => {
    const phase = (i * hz) / 16_000;
    return 0.5 * (2 * (phase - Math.floor(phase)) - 1);
  });
}

describe('the essentia tracker', () => {
  it('returns both contours, energy, clipping and duration of a recording', async () => {
    const tracker = await createPitchTracker('essentia');
    const samples = saw(200, 0.5);
    samples.fill(1, 0, 80);
    const track = tracker.track(samples);
    assert.equal(track.durationS, 0.5);
    assert.equal(track.contour.hz.length, 47);
    assert.equal(track.contour.hz[20], 200);
    assert.equal(track.refined.hz[20], 200);
    assert.equal(track.energyDb.length, 50);
    assert.equal(track.clippedShare, 0.01);
    assert.match(tracker.version, /^essentia\.js-0\.1\.3\//);
  });

  it('returns empty contours for empty and very short recordings', async () => {
    const { track } = await createPitchTracker('essentia');
    const empty = { startS: 0, stepS: 0.01, hz: [] };
    assert.deepEqual(track(new Float32Array(0)), {
      durationS: 0,
      contour: empty,
      refined: empty,
      energyDb: [],
      clippedShare: 0,
    });
    assert.deepEqual(track(saw(200, 0.03)).contour, empty);
  });

  it('finds nothing voiced in silence', async () => {
    const { track } = await createPitchTracker('essentia');
    assert.deepEqual(track(new Float32Array(8000)).contour.hz, new Array(47).fill(0));
  });

  it('refuses NaN and infinite samples instead of making up a pitch', async () => {
    const { track } = await createPitchTracker('essentia');
    for (const value of [NaN, Infinity]) {
      const samples = saw(200, 0.2);
      samples[1000] = value;
      assert.throws(
        () => track(samples),
        (error) => error instanceof AudioError && error.problem === 'damaged',
      );
    }
  });

  it('removes the process listeners of the engine, and only those', async () => {
    const script = `
      import { createPitchTracker } from './src/adapters/essentia.ts';
      const ours = () => {};
      process.on('unhandledRejection', ours);
      await createPitchTracker('essentia');
      console.log(process.listenerCount('uncaughtException'),
        process.listeners('unhandledRejection').length,
        process.listeners('unhandledRejection')[0] === ours);`;
    // A process of its own: elsewhere in this one the engine may be loaded already.
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', script],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)) },
    );
    assert.equal(stdout.trim(), '0 1 true');
  });

  it('keeps memory flat over 5,000 autocorrelations and many recordings', async () => {
    const { essentia } = loadEssentia();
    const autocorrelate = createAutocorrelate(essentia);
    const { track } = await createPitchTracker('essentia');
    const frames = [638, 400, 104].map((length) => saw(200, 1).subarray(0, length));
    const once = () => {
      for (const frame of frames) autocorrelate(frame, frame.length / 2);
    };
    for (let i = 0; i < 300; i++) once();
    track(saw(150, 1));
    const heapBefore = essentia.HEAPF32.byteLength;
    const rssBefore = process.memoryUsage().rss;
    for (let i = 0; i < 5000; i++) once();
    for (let i = 0; i < 20; i++) track(saw(100 + 10 * i, 1));
    assert.equal(essentia.HEAPF32.byteLength, heapBefore);
    const grownMiB = (process.memoryUsage().rss - rssBefore) / mebibyte;
    assert.ok(grownMiB < 64, `${grownMiB} MiB`);
  });
});

describe('essentiaMessage', () => {
  it('reads the text of a C++ exception', () => {
    const { essentia } = loadEssentia();
    const vector = new essentia.VectorFloat();
    try {
      vector.resize(10, 0);
      const algorithms = new essentia.EssentiaJS(false);
      assert.throws(
        () => algorithms.AutoCorrelation(vector, 0.5, false, 'sideways'),
        (thrown) =>
          /normalization = "sideways" is not within/.test(essentiaMessage(essentia, thrown)),
      );
    } finally {
      vector.delete();
    }
  });

  it('passes on the message of an ordinary error, and names what it cannot read', () => {
    const { essentia } = loadEssentia();
    assert.equal(essentiaMessage(essentia, new Error('plain')), 'plain');
    assert.equal(essentiaMessage(essentia, 'text'), 'text');
  });
});
