import assert from 'node:assert/strict';
import { wordEvidence } from '../../src/scoring/word-evidence.ts';
import { makeSpeech, sentence } from '../support/made-speech.ts';

const { words } = makeSpeech({ words: sentence }).alignment;
const phones = words.flatMap((word) => word.phones);
const all = (z: number) => phones.map(() => z);

function evidence(wordValues: number[], goodness: number[], posterior: number[]) {
  return wordEvidence(words, { wordValues, phoneDeviations: { goodness, posterior } });
}

describe('wordEvidence', () => {
  it('is the word model in points of 100, rounded down and limited', () => {
    const scores = evidence([9.79, 5.999, -0.2, 10.4], all(0), all(0)).map((one) => one?.score);
    assert.deepEqual(scores, [97, 59, 0, 100]);
  });

  it('scores each phone by its own posterior, and by goodness where there is none', () => {
    const posterior = all(-2);
    posterior[1] = NaN;
    const goodness = all(0);
    goodness[1] = -3;
    const [tom] = evidence([9, 9, 9, 9], goodness, posterior);
    assert.deepEqual(tom?.phoneScores, [60, 42]);
    assert.equal(tom.goodness, -1.5);
  });

  it('takes the phones of each word in turn', () => {
    const [tom, likes] = evidence(
      [9, 9, 9, 9],
      all(0),
      phones.map((_, at) => -at),
    );
    assert.equal(tom?.phoneScores.length, 2);
    assert.deepEqual(likes?.phoneScores, [60, 42]);
  });

  it('is null for a word without phones', () => {
    const [word = assert.fail()] = words;
    const judgement = { wordValues: [9], phoneDeviations: { goodness: [], posterior: [] } };
    assert.deepEqual(wordEvidence([{ ...word, phones: [] }], judgement), [null]);
  });
});
