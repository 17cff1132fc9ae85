import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareSpeech } from '../../src/scoring/compare-speech.ts';
import { makeSpeech, sentence, type SpeechPlan } from '../support/made-speech.ts';
import { speechPlan } from '../support/speech-arbitraries.ts';

/** Phone durations of the six syllables: stressed ones longer, as in speech. */
const standard = {
  words: sentence,
  phoneS: [0.08, 0.18, 0.07, 0.2, 0.06, 0.16, 0.06, 0.09, 0.09, 0.06, 0.08, 0.22],
};

function compare(learner: Partial<SpeechPlan>) {
  const { rhythm } = compareSpeech(makeSpeech({ ...standard, ...learner }), makeSpeech(standard));
  assert.ok(rhythm);
  return rhythm;
}

describe('compareRhythm', () => {
  it('gives exactly 1 for the same recording', () => {
    fc.assert(
      fc.property(speechPlan, (plan) => {
        const made = makeSpeech(plan);
        const { rhythm } = compareSpeech(made, made);
        fc.pre(rhythm !== null);
        assert.equal(rhythm.similarity, 1);
      }),
    );
  });

  it('does not mind speaking 1.4 times slower, or pauses', () => {
    assert.ok(compare({ slower: 1.4 }).similarity >= 0.95);
    assert.equal(compare({ gapsS: [0, 0.4, 0] }).similarity, 1);
  });

  it('is lowered by one syllable of three times the length, and names its word', () => {
    const phoneS = standard.phoneS.map((duration, index) =>
      index === 6 || index === 7 ? duration * 3 : duration,
    );
    const { similarity, furthest } = compare({ phoneS });
    assert.ok(similarity < 0.8, String(similarity));
    assert.equal(furthest.word, 2);
    assert.ok(furthest.logRatio > 0);
  });

  it('is lowered by syllables of equal length', () => {
    assert.ok(compare({ phoneS: [0.1] }).similarity < 0.85);
  });

  it('is undefined for fewer than three syllables', () => {
    const made = makeSpeech({ words: sentence.slice(0, 2) });
    assert.equal(compareSpeech(made, made).rhythm, null);
  });

  it('equals the formula, worked out by hand', () => {
    // Vowels 0.1, 0.1, 0.2 against 0.1 each; all consonants 0.1: syllables 0.2, 0.2, 0.3 against 0.2.
    const words = sentence
      .slice(0, 3)
      .map((word) => ({ ...word, syllables: word.syllables.slice(0, 1) }));
    const learner = makeSpeech({ words, phoneS: [0.1, 0.1, 0.1, 0.1, 0.1, 0.2] });
    const { rhythm } = compareSpeech(learner, makeSpeech({ words }));
    const rms = (logRatio: number) => (logRatio * Math.SQRT2) / 3;
    const expected = Math.exp(
      -0.5 * ((rms(Math.log(2)) / 0.95) ** 2 + (rms(Math.log(1.5)) / 0.65) ** 2),
    );
    assert.ok(Math.abs((rhythm?.similarity ?? 0) - expected) < 1e-12);
  });
});
