import assert from 'node:assert/strict';
import fc from 'fast-check';
import { overallFeatures, type OverallFeatures } from '../../src/scoring/overall-features.ts';
import { modelScore, type ScoreName } from '../../src/scoring/overall.ts';
import { percentile } from '../../src/scoring/percentile.ts';
import { phoneDeviations } from '../../src/scoring/phone-goodness.ts';
import { timeSpeech } from '../../src/scoring/timing.ts';
import { makeSpeech, sentence } from '../support/made-speech.ts';

const names: ScoreName[] = ['accuracy', 'fluency', 'prosody', 'overall'];

const unknown: OverallFeatures = {
  worstPhonesGoodness: null,
  meanGoodness: null,
  rhythmSimilarity: null,
  overallRateLog2Ratio: null,
  pauseCount: null,
  phoneDurationDeviation: null,
};

const typical: OverallFeatures = {
  worstPhonesGoodness: -1.389,
  meanGoodness: -0.2179,
  rhythmSimilarity: 0.6736,
  overallRateLog2Ratio: -0.6285,
  pauseCount: 0,
  phoneDurationDeviation: 1.079,
};

const features: fc.Arbitrary<OverallFeatures> = fc.record({
  worstPhonesGoodness: fc.option(fc.double({ min: -6, max: 6, noNaN: true })),
  meanGoodness: fc.option(fc.double({ min: -6, max: 6, noNaN: true })),
  rhythmSimilarity: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
  overallRateLog2Ratio: fc.option(fc.double({ min: -9, max: 9, noNaN: true })),
  pauseCount: fc.option(fc.integer({ min: 0, max: 8 })),
  phoneDurationDeviation: fc.option(fc.double({ min: 0, max: 6, noNaN: true })),
});

describe('modelScore', () => {
  it('equals the published weights on a typical learner', () => {
    // 8.552 + .304 (−1.389) + .531 (−.2179) + .959 (.6736) + .426 (−.6285) − .207 (1.079)
    assert.ok(Math.abs(modelScore('accuracy', typical).score - 81.69) < 0.1);
    // 8.511 + .354 (−1.389) + .662 (−.2179) + 1.188 (.6736) + .573 (−.6285) − .265 (1.079)
    assert.ok(Math.abs(modelScore('overall', typical).score - 80.29) < 0.1);
  });

  it('takes the typical value for what is undefined', () => {
    for (const name of names) {
      assert.equal(modelScore(name, unknown).score, modelScore(name, typical).score);
    }
  });

  it('explains every score: base, points and limit add up to it', () => {
    fc.assert(
      fc.property(features, fc.constantFrom(...names), (values, name) => {
        const { score, contributions } = modelScore(name, values);
        assert.ok(score >= 0 && score <= 100);
        const sum = contributions.parts.reduce((total, part) => total + part.points, 0);
        assert.ok(Math.abs(contributions.base + sum + contributions.limit - score) < 1e-9);
        assert.equal(contributions.parts.length, 6);
      }),
    );
  });

  it('rewards goodness, rhythm and speed, and counts pauses and odd durations against', () => {
    for (const name of names) {
      const base = modelScore(name, typical).score;
      assert.ok(modelScore(name, { ...typical, meanGoodness: 0.3 }).score > base);
      assert.ok(modelScore(name, { ...typical, worstPhonesGoodness: -4 }).score < base);
      assert.ok(modelScore(name, { ...typical, rhythmSimilarity: 0.3 }).score < base);
      assert.ok(modelScore(name, { ...typical, overallRateLog2Ratio: -1.5 }).score < base);
      assert.ok(modelScore(name, { ...typical, pauseCount: 2 }).score < base);
      assert.ok(modelScore(name, { ...typical, phoneDurationDeviation: 2 }).score < base);
    }
  });

  it('does not go on beyond what training has seen', () => {
    const far = modelScore('overall', { ...typical, overallRateLog2Ratio: 9 }).score;
    const edge = modelScore('overall', { ...typical, overallRateLog2Ratio: 0.2297 }).score;
    assert.equal(far, edge);
  });
});

describe('overallFeatures', () => {
  const made = makeSpeech({ words: sentence, gapsS: [0.15, 0.14, 0.3], goodness: -5 });
  const timing = timeSpeech(made.alignment, made.pitch.energyDb);

  it('counts gaps from 0.15 s on', () => {
    const compared = { rhythmSimilarity: 0.5, overallRateLog2Ratio: null };
    assert.equal(overallFeatures(timing, compared).pauseCount, 2);
    assert.equal(overallFeatures(timing, compared).rhythmSimilarity, 0.5);
  });

  it('compares each phone with its own template', () => {
    const [tom] = timing.words;
    assert.ok(tom);
    const [t, aa] = phoneDeviations(tom);
    // T: −5.2083 ± 1.8232; stressed AA: −4.9407 ± 2.44; log durations −2.4564 ± .5097, −2.199 ± .5019.
    assert.ok(Math.abs((t?.goodness ?? 0) - (-5 + 5.2083) / 1.8232) < 1e-9);
    assert.ok(Math.abs((aa?.goodness ?? 0) - (-5 + 4.9407) / 2.44) < 1e-9);
    assert.ok(Math.abs((t?.duration ?? 0) - (Math.log(0.1) + 2.4564) / 0.5097) < 1e-6);
    assert.ok(Math.abs((aa?.duration ?? 0) - (Math.log(0.1) + 2.199) / 0.5019) < 1e-6);
  });

  it('uses the templates of word-final consonants, of unstressed vowels, and one for strangers', () => {
    const phone = { startS: 0, endS: 0.1, goodness: -20 };
    const word = {
      text: 'x',
      startS: 0,
      endS: 0.1,
      syllables: [],
      phones: [
        { ...phone, phone: 'AH', stress: 0 as const, goodness: -5.9808 },
        { ...phone, phone: 'XX', stress: null, goodness: -5.276 },
        { ...phone, phone: 'D', stress: null, goodness: -5.949 },
      ],
    };
    for (const { goodness } of phoneDeviations(word)) assert.ok(Math.abs(goodness) < 1e-9);
  });

  it('clips deviations at six', () => {
    const { words } = makeSpeech({ words: sentence, goodness: -99 }).alignment;
    assert.ok(words.flatMap(phoneDeviations).every((deviation) => deviation.goodness === -6));
  });
});

describe('percentile', () => {
  it('interpolates as numpy does', () => {
    assert.equal(percentile([4, 1, 3, 2], 10), 1.3);
    assert.equal(percentile([4, 1, 3, 2], 50), 2.5);
    assert.equal(percentile([7], 97), 7);
    assert.equal(percentile([], 50), null);
  });
});
