import assert from 'node:assert/strict';
import { ATTEMPT_LIMITS, judgeAttempt } from '../../src/scoring/attempt.ts';
import { LOUD_DB, makeSpeech, sentence } from '../support/made-speech.ts';

const { pitch, alignment } = makeSpeech({ words: sentence });
const unaligned = { kind: 'unaligned' as const, reason: 'no path' };

describe('judgeAttempt', () => {
  it('accepts plain speech', () => {
    const attempt = judgeAttempt(pitch, alignment);
    assert.equal(attempt.kind, 'ok');
    assert.equal(attempt.voicedFrames, 120);
    assert.equal(attempt.frameGoodness, -5);
    assert.equal(attempt.energyRangeDb, 60);
  });

  it('calls fewer than 10 voiced frames silent, and 10 not', () => {
    const voiced = (count: number) => ({
      ...pitch,
      contour: {
        ...pitch.contour,
        hz: pitch.contour.hz.map((_, frame) => (frame < count ? 200 : 0)),
      },
    });
    assert.equal(judgeAttempt(voiced(9), alignment).kind, 'silent');
    assert.equal(judgeAttempt(voiced(10), alignment).kind, 'ok');
  });

  it('calls a recording silent that the sentence could not be aligned to', () => {
    assert.equal(judgeAttempt(pitch, unaligned).kind, 'silent');
    assert.equal(judgeAttempt(pitch, { kind: 'aligned', words: [] }).kind, 'silent');
  });

  it('calls less than 0.3 s too short, whatever else is wrong', () => {
    assert.equal(judgeAttempt({ ...pitch, durationS: 0.29 }, unaligned).kind, 'too_short');
    assert.equal(judgeAttempt({ ...pitch, durationS: 0.3 }, alignment).kind, 'ok');
  });

  it('calls another sentence off script: goodness below the limit over all frames', () => {
    const spoken = (goodness: number) => makeSpeech({ words: sentence, goodness }).alignment;
    const { offScriptGoodness } = ATTEMPT_LIMITS;
    assert.equal(judgeAttempt(pitch, spoken(offScriptGoodness - 0.1)).kind, 'off_script');
    assert.equal(judgeAttempt(pitch, spoken(offScriptGoodness)).kind, 'ok');
  });

  it('weights goodness by the length of the phones', () => {
    const words = makeSpeech({ words: sentence, phoneS: [0.4, 0.1] }).alignment.words;
    const [first] = words[0]?.phones ?? [];
    assert.ok(first);
    first.goodness = -20;
    // 40 of 150 frames at −20, the others at −5.
    assert.equal(judgeAttempt(pitch, { kind: 'aligned', words }).frameGoodness, -9);
  });

  it('flags clipping and noise', () => {
    assert.equal(judgeAttempt({ ...pitch, clippedShare: 0.02 }, alignment).kind, 'clipped');
    const energyDb = pitch.energyDb.map((db) => Math.max(db, LOUD_DB - 10));
    assert.equal(judgeAttempt({ ...pitch, energyDb }, alignment).kind, 'noisy');
  });

  it('blames damage before the words, because damage makes words unlike themselves', () => {
    const { alignment: unlike } = makeSpeech({ words: sentence, goodness: -12 });
    assert.equal(judgeAttempt({ ...pitch, clippedShare: 0.1 }, unlike).kind, 'clipped');
    const energyDb = pitch.energyDb.map((db) => Math.max(db, LOUD_DB - 10));
    assert.equal(judgeAttempt({ ...pitch, energyDb }, unlike).kind, 'noisy');
  });
});
