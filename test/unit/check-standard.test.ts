import assert from 'node:assert/strict';
import { checkStandard, unusableStandard } from '../../src/scoring/check-standard.ts';
import { LOUD_DB, makeSpeech, sentence } from '../support/made-speech.ts';
import { lessonAnalyses } from '../support/golden.ts';

const sound = makeSpeech({ words: sentence });

function codes({ pitch, alignment }: typeof sound): string[] {
  return checkStandard(pitch, alignment).map(({ code }) => code);
}

describe('checkStandard', () => {
  it('finds nothing in a sound recording, made or real', () => {
    assert.deepEqual(codes(sound), []);
    for (const { standard, sentence: text } of lessonAnalyses()) {
      assert.ok(standard.alignment.kind === 'aligned');
      assert.deepEqual(checkStandard(standard.pitch, standard.alignment), [], text);
    }
  });

  it('finds clipping from 0.1 % of the samples on, and says how much', () => {
    const clipped = (clippedShare: number) => ({
      ...sound,
      pitch: { ...sound.pitch, clippedShare },
    });
    assert.deepEqual(codes(clipped(0.0009)), []);
    const [finding] = checkStandard(clipped(0.0123).pitch, sound.alignment);
    assert.deepEqual(finding, {
      code: 'clipped',
      figures: { clippedShare: 0.0123 },
      message: {
        en: 'The standard is distorted: 1.2 % of its samples are at full scale. Record it again at a lower level.',
        ko: '표준 음성이 찌그러져 있어요. 샘플의 1.2%가 최대 음량에 닿아 있어요. 더 작은 음량으로 다시 녹음해 주세요.',
      },
    });
  });

  it('finds noise, silence and another sentence', () => {
    const energyDb = sound.pitch.energyDb.map((db) => Math.max(db, LOUD_DB - 20));
    assert.deepEqual(codes({ ...sound, pitch: { ...sound.pitch, energyDb } }), ['noisy']);
    const contour = { ...sound.pitch.contour, hz: [] };
    assert.deepEqual(codes({ ...sound, pitch: { ...sound.pitch, contour } }), ['silent']);
    assert.deepEqual(codes(makeSpeech({ words: sentence, goodness: -12 })), ['wrong_sentence']);
  });

  it('finds a recording below 2.5 syllables a second, pauses included', () => {
    assert.deepEqual(codes(makeSpeech({ words: sentence, slower: 2.1 })), ['too_slow']);
    assert.deepEqual(codes(makeSpeech({ words: sentence, gapsS: [1, 1] })), ['too_slow']);
    assert.deepEqual(codes(makeSpeech({ words: sentence, slower: 1.9 })), []);
  });

  it('lets few syllables be slow: single words are drawn out', () => {
    assert.deepEqual(codes(makeSpeech({ words: sentence.slice(0, 2), slower: 3 })), []);
  });

  it('has a finding for a standard that nothing can be compared with', () => {
    assert.equal(unusableStandard().code, 'unusable');
    assert.match(unusableStandard().message.en, /replace it/);
  });
});
