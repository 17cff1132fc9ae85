import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareSpeech } from '../../src/scoring/compare-speech.ts';
import type { PitchComparison } from '../../src/scoring/pitch-similarity.ts';
import { makeSpeech, sentence, waveMelody, type SpeechPlan } from '../support/made-speech.ts';
import { speechPlan } from '../support/speech-arbitraries.ts';

function compare(learner: Partial<SpeechPlan>, standard: Partial<SpeechPlan> = {}) {
  return compareSpeech(
    makeSpeech({ words: sentence, ...learner }),
    makeSpeech({ words: sentence, ...standard }),
  ).pitch;
}

function similarity(comparison: PitchComparison | null): number {
  assert.ok(comparison);
  return comparison.similarity;
}

describe('comparePitch', () => {
  it('gives exactly 1 for the same recording', () => {
    fc.assert(
      fc.property(speechPlan, (plan) => {
        const made = makeSpeech(plan);
        const { pitch } = compareSpeech(made, made);
        fc.pre(pitch !== null);
        assert.equal(pitch.similarity, 1);
      }),
    );
  });

  it('does not mind another register', () => {
    assert.ok(similarity(compare({ hz: 130 })) >= 0.99);
    assert.ok(similarity(compare({ hz: 300 })) >= 0.99);
  });

  it('does not mind another tempo or pauses', () => {
    assert.ok(similarity(compare({ slower: 1.4 })) >= 0.98);
    assert.ok(similarity(compare({ gapsS: [0, 0.4, 0] })) >= 0.98);
  });

  it('gives about 0 for the inverted melody', () => {
    assert.ok(similarity(compare({ melody: (share) => -waveMelody(share) })) <= 0.02);
  });

  it('gives at most .05 for a monotone voice', () => {
    assert.ok(similarity(compare({ melody: () => 0 })) <= 0.05);
  });

  it('lowers half the range to about .83, and not a little less range', () => {
    const half = compare({ melody: (share) => waveMelody(share) / 2 });
    assert.ok(Math.abs(similarity(half) - 0.83) < 0.02);
    assert.ok(Math.abs((half?.rangeRatio ?? 0) - 0.5) < 0.02);
    assert.ok(similarity(compare({ melody: (share) => waveMelody(share) * 0.7 })) >= 0.99);
  });

  it('is undefined for fewer than three syllables', () => {
    assert.equal(compare({ words: sentence.slice(0, 2) }, { words: sentence.slice(0, 2) }), null);
  });

  it('is undefined where too little is voiced in both', () => {
    const made = makeSpeech({ words: sentence });
    const hz = made.pitch.refined.hz.map((value, frame) => (frame < 42 ? value : 0));
    const hoarse = { ...made, pitch: { ...made.pitch, refined: { ...made.pitch.refined, hz } } };
    assert.equal(compareSpeech(hoarse, made).pitch, null);
    assert.equal(compareSpeech(made, hoarse).pitch, null);
  });

  it('is undefined against a standard without melody', () => {
    assert.equal(compare({}, { melody: () => 0 }), null);
  });

  it('ignores octave errors and voiced specks of the tracker', () => {
    const made = makeSpeech({ words: sentence });
    const hz = made.pitch.refined.hz.map((value, frame) =>
      frame >= 60 && frame < 68 ? value * 2.6 : value,
    );
    hz[5] = 500;
    const tracked = { ...made, pitch: { ...made.pitch, refined: { ...made.pitch.refined, hz } } };
    assert.ok(similarity(compareSpeech(tracked, made).pitch) >= 0.99);
  });

  it('reads the refined contour on its own time grid', () => {
    const made = makeSpeech({ words: sentence });
    const hz = made.pitch.refined.hz.flatMap((value) => [value, value]);
    const finer = { startS: 0.0025, stepS: 0.005, hz };
    const silent = { ...made.pitch.contour, hz: [] };
    const regridded = { ...made, pitch: { ...made.pitch, refined: finer, contour: silent } };
    assert.ok(similarity(compareSpeech(regridded, made).pitch) >= 0.999);
  });
});
