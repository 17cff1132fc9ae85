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

  it('calls a voice off script that the sentence could not be aligned to', () => {
    assert.equal(judgeAttempt(pitch, unaligned).kind, 'off_script');
    assert.equal(judgeAttempt(pitch, { kind: 'aligned', words: [] }).kind, 'off_script');
  });

  it('calls less than 0.3 s too short, whatever else is wrong', () => {
    assert.equal(judgeAttempt({ ...pitch, durationS: 0.29 }, unaligned).kind, 'too_short');
    assert.equal(judgeAttempt({ ...pitch, durationS: 0.3 }, alignment).kind, 'ok');
  });

  it('calls another sentence off script: mean goodness of its phones below the limit', () => {
    const spoken = (goodness: number) => makeSpeech({ words: sentence, goodness }).alignment;
    const { offScriptGoodness } = ATTEMPT_LIMITS;
    assert.equal(judgeAttempt(pitch, spoken(offScriptGoodness - 0.1)).kind, 'off_script');
    assert.equal(judgeAttempt(pitch, spoken(offScriptGoodness + 0.1)).kind, 'ok');
  });

  it('counts every phone once for the verdict, whatever its length', () => {
    const words = makeSpeech({ words: sentence, phoneS: [0.4, 0.1] }).alignment.words;
    const [first] = words[0]?.phones ?? [];
    assert.ok(first);
    first.goodness = -17;
    const attempt = judgeAttempt(pitch, { kind: 'aligned', words });
    // 40 of 150 frames and one of 12 phones at −17, the others at −5.
    assert.equal(attempt.frameGoodness, -8.2);
    assert.equal(attempt.phoneGoodness, -6);
    assert.equal(attempt.kind, 'ok');
  });

  it('flags clipping and noise', () => {
    assert.equal(judgeAttempt({ ...pitch, clippedShare: 0.02 }, alignment).kind, 'clipped');
    const energyDb = pitch.energyDb.map((db) => Math.max(db, LOUD_DB - 10));
    assert.equal(judgeAttempt({ ...pitch, energyDb }, alignment).kind, 'noisy');
  });

  for (const loud of [-20, -48]) {
    it(`is as noisy as before where digital silence is put around it, at ${loud} dB`, () => {
      const steady = Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? loud : loud - 10));
      const empty = Array.from({ length: 100 }, () => -100);
      const padded = [...empty, ...steady, ...empty];
      const [own, around] = [steady, padded].map((energyDb) =>
        judgeAttempt({ ...pitch, energyDb }, alignment),
      );
      assert.equal(own?.kind, 'noisy');
      assert.deepEqual(around, own);
    });
  }

  it('blames damage before the words, because damage makes words unlike themselves', () => {
    const { alignment: unlike } = makeSpeech({ words: sentence, goodness: -12 });
    assert.equal(judgeAttempt({ ...pitch, clippedShare: 0.1 }, unlike).kind, 'clipped');
    const energyDb = pitch.energyDb.map((db) => Math.max(db, LOUD_DB - 10));
    assert.equal(judgeAttempt({ ...pitch, energyDb }, unlike).kind, 'noisy');
  });
});
