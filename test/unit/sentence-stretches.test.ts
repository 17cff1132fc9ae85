import assert from 'node:assert/strict';
import fc from 'fast-check';
import { needsStretches, sentenceStretches } from '../../src/adapters/sentence-stretches.ts';

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`);

describe('sentenceStretches', () => {
  it('leaves a sentence of up to 16 words whole', () => {
    const words = numbered(16);
    assert.equal(needsStretches(words), false);
    assert.deepEqual(sentenceStretches(words, [], 8), [{ words, startS: 0, endS: 8 }]);
  });

  it('cuts in the longest pause near the middle', () => {
    const words = numbered(20);
    const spans = words.map((_, index) => {
      const startS = index * 0.5 + (index >= 12 ? 1 : 0);
      return { startS, endS: startS + 0.5 };
    });
    const stretches = sentenceStretches(words, spans, 12);
    assert.deepEqual(
      stretches.map(({ words: part, startS, endS }) => [part.length, startS, endS]),
      [
        [12, 0, 6.5],
        [8, 6.5, 12],
      ],
    );
  });

  it('keeps all words in order and all time, in stretches of at most 18 words', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 240, maxLength: 240 }),
        fc.boolean(),
        (count, steps, isAligned) => {
          let at = 0;
          const spans = numbered(count).map((_, index) => {
            const startS = (at += steps[2 * index] ?? 0);
            return { startS, endS: (at += steps[2 * index + 1] ?? 0) };
          });
          const stretches = sentenceStretches(numbered(count), isAligned ? spans : [], at + 1);
          assert.deepEqual(
            stretches.flatMap(({ words }) => words),
            numbered(count),
          );
          assert.equal(stretches[0]?.startS, 0);
          assert.equal(stretches.at(-1)?.endS, at + 1);
          stretches.forEach(({ words, startS, endS }, index) => {
            assert.ok(words.length >= 1 && words.length <= 18, String(words.length));
            assert.ok(endS >= startS);
            assert.equal(startS, stretches[index - 1]?.endS ?? 0);
          });
        },
      ),
    );
  });
});
