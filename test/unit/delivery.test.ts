import assert from 'node:assert/strict';
import { clauseEnds } from '../../src/scoring/clause-ends.ts';
import { compareSpeech } from '../../src/scoring/compare-speech.ts';
import { deliveryOf, type Delivery } from '../../src/scoring/delivery.ts';
import { makeSpeech, sentence, type SpeechPlan } from '../support/made-speech.ts';

function deliver(
  learner: Partial<SpeechPlan>,
  standard: Partial<SpeechPlan> = {},
  text = 'Tom likes Layla today.',
): Delivery {
  const plan = { words: sentence };
  return deliveryOf(
    text,
    compareSpeech(makeSpeech({ ...plan, ...learner }), makeSpeech({ ...plan, ...standard })),
  );
}

describe('deliveryOf', () => {
  it('names a break where the standard goes on', () => {
    assert.deepEqual(deliver({ gapsS: [0, 0.5] }), {
      unexpectedBreaks: [{ afterWord: 1, word: 'likes', durationS: 0.5 }],
      missingBreaks: [],
      monotone: false,
    });
  });

  it('names a break of the standard that the learner does not make', () => {
    assert.deepEqual(deliver({}, { gapsS: [0.4] }).missingBreaks, [
      { afterWord: 0, word: 'tom', durationS: 0.4 },
    ]);
  });

  it('names neither where both pause, and none shorter than 0.25 s', () => {
    const both = deliver({ gapsS: [0.3] }, { gapsS: [0.6] });
    assert.deepEqual([both.unexpectedBreaks, both.missingBreaks], [[], []]);
    assert.deepEqual(deliver({ gapsS: [0.24] }).unexpectedBreaks, []);
    assert.equal(deliver({ gapsS: [0.25] }).unexpectedBreaks.length, 1);
  });

  it('gives no verdict where the standard hesitates, between 0.1 and 0.25 s', () => {
    assert.deepEqual(deliver({ gapsS: [0.4] }, { gapsS: [0.15] }).unexpectedBreaks, []);
    assert.deepEqual(deliver({ gapsS: [0.15] }, { gapsS: [0.4] }).missingBreaks, []);
  });

  it('allows a break at punctuation', () => {
    const text = 'Tom likes, Layla today.';
    assert.deepEqual(deliver({ gapsS: [0, 0.5] }, {}, text).unexpectedBreaks, []);
    assert.equal(deliver({ gapsS: [0.5] }, {}, text).unexpectedBreaks.length, 1);
  });

  it('calls a voice without melody a monotone, and is silent where none can be compared', () => {
    assert.equal(deliver({ melody: () => 0 }).monotone, true);
    assert.equal(deliver({ melody: (share) => 2 * Math.sin(share * 9) }).monotone, false);
    assert.equal(deliver({}, { melody: () => 0 }).monotone, null);
  });
});

describe('clauseEnds', () => {
  const ends = (text: string, words: string) => [...clauseEnds(text, words.split(' '))];

  it('finds the words before punctuation, the last one included', () => {
    assert.deepEqual(ends('Yes, please: sit down.', 'yes please sit down'), [0, 1, 3]);
    assert.deepEqual(ends('“Go!” she said — twice.', 'go she said twice'), [0, 2, 3]);
  });

  it('counts numbers by the words they are read as', () => {
    assert.deepEqual(ends('All 25, he said', 'all twenty five he said'), [2, 4]);
  });

  it('finds none where the pieces are read otherwise than the whole', () => {
    assert.deepEqual(ends('Any text, then.', 'quite different words'), []);
  });
});
