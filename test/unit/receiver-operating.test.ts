import assert from 'node:assert/strict';
import { addNoise, clip, cut, silence, snippet } from '../../bench/degrade.ts';
import { areaUnderCurve } from '../../bench/receiver-operating.ts';
import { spread } from '../../bench/speech-table.ts';
import { clippedShare } from '../../src/audio/quality.ts';
import { tone } from '../support/no-speech.ts';

describe('the area under the receiver operating curve', () => {
  it('is 1 where all positives are higher, 0 where none is, half for ties', () => {
    assert.equal(areaUnderCurve([3, 4], [1, 2]), 1);
    assert.equal(areaUnderCurve([1, 2], [3, 4]), 0);
    assert.equal(areaUnderCurve([1, 1], [1]), 0.5);
    assert.equal(areaUnderCurve([], [1]), null);
  });
});

describe('the damage of the bench', () => {
  const power = (samples: Float32Array) =>
    samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const voice = tone(1, 200);

  it('clips by the drive beyond full scale', () => {
    assert.equal(clippedShare(clip(voice, 0)) < 0.03, true);
    // A sine 6 dB too loud is beyond full scale for two thirds of the time.
    assert.ok(Math.abs(clippedShare(clip(voice, 6.02)) - 2 / 3) < 0.01);
  });

  it('adds noise so far below the speech, and the same at every call', () => {
    const noisy = addNoise(voice, 10);
    const noise = noisy.map((sample, at) => sample - (voice[at] ?? 0));
    assert.ok(Math.abs(10 * Math.log10(power(voice) / power(noise)) - 10) < 0.5);
    assert.deepEqual(addNoise(voice, 10), noisy);
  });

  it('takes speech away', () => {
    assert.equal(power(silence(voice, -Infinity)), 0);
    assert.ok(Math.abs(10 * Math.log10(power(silence(voice, -60))) + 60) < 0.5);
    assert.equal(cut(voice, 0.25).length, 4000);
    assert.equal(snippet(voice, 0.1).length, 1600);
  });

  it('takes rows evenly from the whole table', () => {
    assert.deepEqual(spread([0, 1, 2, 3, 4, 5], 3), [0, 2, 4]);
    assert.deepEqual(spread([0, 1], 3), [0, 1]);
  });
});
