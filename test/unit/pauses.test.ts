import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareSpeech } from '../../src/scoring/compare-speech.ts';
import { makeSpeech, sentence } from '../support/made-speech.ts';
import { speechPlan } from '../support/speech-arbitraries.ts';

/** 1.2 s of speech, then gaps as given. */
function withGaps(...gapsS: number[]) {
  return makeSpeech({ words: sentence, gapsS });
}

function similarity(learner: number[], standard: number[]): number | null {
  return compareSpeech(withGaps(...learner), withGaps(...standard)).pauseSimilarity;
}

describe('pauseSimilarity', () => {
  it('gives exactly 1 for the same recording of several words', () => {
    fc.assert(
      fc.property(speechPlan, (plan) => {
        const made = makeSpeech(plan);
        assert.equal(compareSpeech(made, made).pauseSimilarity, plan.words.length > 1 ? 1 : null);
      }),
    );
  });

  it('gives 1 where neither pauses', () => {
    assert.equal(similarity([], []), 1);
    assert.equal(similarity([0.1, 0.15], []), 1);
  });

  it('is lowered by one inserted pause, the more the longer it is', () => {
    const short = similarity([0, 0.25], []);
    const long = similarity([0, 0.4], []);
    assert.ok(short !== null && long !== null);
    assert.ok(Math.abs(short - 0.1 / (0.25 / 1.2 + 0.1)) < 1e-9);
    assert.ok(Math.abs(long - 0.1 / (0.4 / 1.2 + 0.1)) < 1e-9);
    assert.ok(long < short && short < 0.5);
  });

  it('is lowered by a missing pause just as much', () => {
    assert.equal(similarity([], [0, 0.4]), similarity([0, 0.4], []));
  });

  it('is lower for a pause at another word than for the same pause', () => {
    const moved = similarity([0.3, 0, 0], [0, 0, 0.3]);
    assert.ok(moved !== null && moved < 0.3);
    assert.equal(similarity([0.3, 0, 0], [0.3, 0, 0]), 1);
  });

  it('compares pauses relative to the tempo', () => {
    const slow = makeSpeech({ words: sentence, gapsS: [0, 0.3], slower: 1.5 });
    const value = compareSpeech(slow, withGaps(0, 0.3)).pauseSimilarity;
    assert.ok(value !== null && Math.abs(value - 1) < 1e-9);
  });

  it('is undefined for one word', () => {
    const made = makeSpeech({ words: sentence.slice(2, 3) });
    assert.equal(compareSpeech(made, made).pauseSimilarity, null);
  });
});
