import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { decodeSpeech } from '../../src/audio/decode-speech.ts';
import { ATTEMPT_LIMITS } from '../../src/scoring/attempt.ts';
import { judgeTake, TAKE_LIMITS } from '../../src/web/browser/judge-take.ts';
import { lessonPairs } from '../support/recordings.ts';

const RATE_HZ = 16_000;

const tone = (seconds: number, amplitude: number) =>
  Float32Array.from({ length: seconds * RATE_HZ }, (_, at) => amplitude * Math.sin(at / 10));

describe('a take, before it is sent', () => {
  it('is sent for every learner and standard of the example lessons', () => {
    for (const { learner, standard } of lessonPairs()) {
      for (const file of [learner, standard]) {
        const samples = decodeSpeech(readFileSync(file), { maxSeconds: 60 });
        assert.equal(judgeTake(samples, RATE_HZ), 'ok', file);
      }
    }
  });

  it('is silent where the microphone is muted, or hears only a quiet room', () => {
    assert.equal(judgeTake(new Float32Array(RATE_HZ), RATE_HZ), 'silent');
    assert.equal(judgeTake(tone(1, 0.001), RATE_HZ), 'silent');
    assert.equal(judgeTake(tone(1, 0.05), RATE_HZ), 'ok');
  });

  it('is silent with one click in it', () => {
    const samples = new Float32Array(2 * RATE_HZ);
    samples.set(tone(0.02, 0.9), RATE_HZ);
    assert.equal(judgeTake(samples, RATE_HZ), 'silent');
  });

  it('is too short or too loud exactly where the scorer refuses it too', () => {
    assert.equal(TAKE_LIMITS.shortestS, ATTEMPT_LIMITS.shortestS);
    assert.equal(TAKE_LIMITS.clippedShare, ATTEMPT_LIMITS.clippedShare);
    assert.equal(judgeTake(tone(0.29, 0.5), RATE_HZ), 'too_short');
    assert.equal(judgeTake(tone(0.31, 0.5), RATE_HZ), 'ok');
    assert.equal(
      judgeTake(
        tone(1, 3).map((value) => Math.max(-1, Math.min(1, value))),
        RATE_HZ,
      ),
      'too_loud',
    );
    assert.equal(judgeTake(new Float32Array(0), RATE_HZ), 'too_short');
  });
});
