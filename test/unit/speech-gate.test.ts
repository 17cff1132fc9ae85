import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { soundsLikeSpeech } from '../../src/adapters/speech-gate.ts';
import { decodeSpeech } from '../../src/audio/decode-speech.ts';
import { lessonPairs } from '../support/recordings.ts';
import { hum, silence, tone, whiteNoise } from '../support/no-speech.ts';

describe('the gate before recognition', () => {
  for (const [name, samples] of Object.entries({
    silence: silence(3),
    'no samples': silence(0),
    'white noise': whiteNoise(3, 0.1),
    'a quiet room': whiteNoise(3, 0.0005),
    'a tone': tone(3, 440),
    'mains hum': hum(3),
  })) {
    it(`holds back ${name}`, () => assert.equal(soundsLikeSpeech(samples), false));
  }

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
