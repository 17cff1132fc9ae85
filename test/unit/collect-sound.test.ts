import assert from 'node:assert/strict';
import { AudioError, type AudioProblem } from '../../src/audio/audio-error.ts';
import { collectSound } from '../../src/audio/collect-sound.ts';

const problem = (expected: AudioProblem) => (error: unknown) =>
  error instanceof AudioError && error.problem === expected;

describe('collectSound', () => {
  it('joins stretches, mixes channels to their mean and clamps', () => {
    const sound = collectSound({ maxSeconds: 1 });
    sound.add([Float32Array.of(0.5, 2)], 8000);
    sound.add([], 8000);
    sound.add([Float32Array.of(0.5), Float32Array.of(-0.25)], 8000);
    const { samples, sampleRateHz } = sound.finish();
    assert.deepEqual([...samples], [0.5, 1, 0.125]);
    assert.equal(sampleRateHz, 8000);
  });

  it('refuses at the first stretch beyond the limit, and cuts the padding of coders', () => {
    const sound = collectSound({ maxSeconds: 1 });
    sound.add([new Float32Array(8000)], 8000);
    sound.add([new Float32Array(1200)], 8000);
    assert.equal(sound.finish().samples.length, 8000);
    assert.throws(() => sound.add([new Float32Array(1)], 8000), problem('too_long'));
  });

  it('refuses what WAV is refused for', () => {
    const sound = () => collectSound({ maxSeconds: 1 });
    const one = new Float32Array(1);
    assert.throws(() => sound().finish(), problem('empty'));
    assert.throws(() => sound().add([one, one, one], 8000), problem('unsupported'));
    assert.throws(() => sound().add([one], 7999), problem('unsupported'));
    assert.throws(() => sound().add([one], 192_000), problem('unsupported'));
    assert.throws(() => sound().add([one], NaN), problem('unsupported'));
    assert.throws(() => sound().add([Float32Array.of(NaN)], 8000), problem('damaged'));
    const changing = sound();
    changing.add([one], 8000);
    assert.throws(() => changing.add([one], 16_000), problem('damaged'));
  });
});
