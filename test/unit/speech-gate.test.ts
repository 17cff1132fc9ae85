import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { soundsLikeSpeech } from '../../src/adapters/speech-gate.ts';
import { decodeSpeech } from '../../src/audio/decode-speech.ts';
import { lessonPairs } from '../support/recordings.ts';
import { hum, silence, tone, whiteNoise } from '../support/no-speech.ts';

function between(samples: Float32Array, silenceS: number): Float32Array {
  const before = Math.round(16_000 * silenceS);
  const recording = new Float32Array(samples.length + 2 * before);
  recording.set(samples, before);
  return recording;
}

describe('the gate before recognition', () => {
  for (const [name, samples] of Object.entries({
    silence: silence(3),
    'no samples': silence(0),
    'white noise': whiteNoise(3, 0.1),
    'a quiet room': whiteNoise(3, 0.0005),
    'a tone': tone(3, 440),
    'mains hum': hum(3),
    'a low tone': tone(3, 200),
  })) {
    it(`holds back ${name}, and between digital silence`, () => {
      assert.equal(soundsLikeSpeech(samples), false);
      assert.equal(soundsLikeSpeech(between(samples, 0.5)), false);
    });
  }

  it('lets a short sentence pass in a long digital silence', () => {
    const { learner } = lessonPairs()[0] ?? assert.fail();
    const samples = decodeSpeech(readFileSync(learner), { maxSeconds: 60 });
    assert.ok(soundsLikeSpeech(between(samples.subarray(16_000, 30_000), 28)));
  });

  it('lets every lesson recording pass, also under noise of a third of its power', () => {
    for (const pair of lessonPairs()) {
      const samples = decodeSpeech(readFileSync(pair.learner), { maxSeconds: 60 });
      assert.ok(soundsLikeSpeech(samples), pair.learner);
      const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
      const noise = whiteNoise(samples.length / 16_000, Math.sqrt(power / 3));
      assert.ok(
        soundsLikeSpeech(samples.map((value, at) => value + (noise[at] ?? 0))),
        pair.learner,
      );
    }
  });
});
