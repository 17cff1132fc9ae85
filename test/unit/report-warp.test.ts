import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchSyllables } from '../../src/scoring/match-syllables.ts';
import { anchorsOf, risingOf, warpBy } from '../../src/report/warp.ts';
import { lessonReport, POOR } from '../support/report-data.ts';

const seconds = fc.double({ min: 0, max: 20, noNaN: true });
const anchors = fc.array(fc.record({ fromS: seconds, toS: seconds }), { maxLength: 30 });

describe('the warp of the standard’s time', () => {
  it('takes every anchor that is kept exactly to its place', () => {
    fc.assert(
      fc.property(anchors, (given) => {
        const warp = warpBy(given);
        for (const { fromS, toS } of risingOf(given)) {
          assert.ok(Math.abs(warp(fromS) - toS) < 1e-9);
        }
      }),
    );
  });

  it('never goes back, and never stands still', () => {
    fc.assert(
      fc.property(anchors, seconds, seconds, (given, one, other) => {
        fc.pre(Math.abs(one - other) > 1e-3);
        const warp = warpBy(given);
        const [earlier, later] = one < other ? [one, other] : [other, one];
        assert.ok(warp(earlier) < warp(later));
      }),
    );
  });

  it('has no jumps: a small step in one is a small step in the other', () => {
    fc.assert(
      fc.property(anchors, seconds, (given, timeS) => {
        const warp = warpBy(given);
        // Anchors are 5 ms apart at least, and at most 20 s: no part is steeper.
        assert.ok(warp(timeS + 1e-7) - warp(timeS) <= 1e-7 * (20 / 0.005) + 1e-9);
      }),
    );
  });

  it('is straight between two anchors, and only shifts beyond the last and the first', () => {
    const warp = warpBy([
      { fromS: 1, toS: 2 },
      { fromS: 2, toS: 5 },
    ]);
    assert.deepEqual([warp(0), warp(1), warp(1.5), warp(2), warp(3)], [1, 2, 3.5, 5, 6]);
  });

  it('changes nothing without anchors, and where both recordings are the same', () => {
    assert.equal(warpBy([])(1.25), 1.25);
    fc.assert(
      fc.property(fc.array(seconds, { maxLength: 20 }), seconds, (times, timeS) => {
        const warp = warpBy(times.map((one) => ({ fromS: one, toS: one })));
        assert.ok(Math.abs(warp(timeS) - timeS) < 1e-9);
      }),
    );
  });

  it('lays the vowels of a real pair of recordings over each other', () => {
    const { speech } = lessonReport(POOR);
    assert.ok(speech);
    const matched = matchSyllables(speech.learner, speech.standard);
    assert.ok(matched.length >= 8);
    const warp = warpBy(anchorsOf(matched));
    for (const { learner, standard } of matched) {
      const middle = (standard.vowel.startS + standard.vowel.endS) / 2;
      assert.ok(Math.abs(warp(standard.vowel.startS) - learner.vowel.startS) < 1e-9);
      assert.ok(warp(middle) > learner.vowel.startS && warp(middle) < learner.vowel.endS);
    }
  });
});
