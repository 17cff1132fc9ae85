import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  explain,
  evidenceOf,
  partOf,
  type Explanations,
  type PartName,
} from '../../src/scoring/explanation.ts';
import scoreModels from '../../src/scoring/model/score-models.json' with { type: 'json' };
import { compareSpeech } from '../../src/scoring/compare-speech.ts';
import { scoreRecording } from '../../src/scoring/score.ts';
import { lessonAnalyses } from '../support/golden.ts';
import { makeSpeech, sentence } from '../support/made-speech.ts';

const inputs = scoreModels.inputs.map(({ name }) => name);
const bare = makeSpeech({ words: sentence });
const evidence = evidenceOf(compareSpeech(bare, bare), []);
const PARTS: PartName[] = ['sounds', 'words', 'rhythm', 'speed', 'pauses'];

describe('the explanation of a score', () => {
  it('adds up to the score, whatever the inputs were worth', () => {
    const marks = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(fc.array(marks, { minLength: 1, maxLength: 50 }), marks, (shares, base) => {
        const parts = Object.fromEntries(shares.map((share, at) => [inputs[at] ?? 'ent', share]));
        const value = Object.values(parts).reduce((sum, share) => sum + share, base);
        const { score, contributions } = explain({ value, base, parts }, evidence);
        const sum = contributions.parts.reduce((total, { points }) => total + points, 0);
        assert.ok(score >= 0 && score <= 100);
        assert.ok(Math.abs(contributions.base + sum + contributions.limit - score) < 1e-9);
        assert.deepEqual(
          contributions.parts.map(({ part }) => part),
          PARTS,
        );
      }),
    );
  });

  it('holds every input of the models in one part, and refuses one that it does not know', () => {
    for (const part of PARTS)
      assert.ok(
        inputs.some((input) => partOf(input) === part),
        part,
      );
    assert.throws(() => partOf('moon'), /no part .* moon/);
  });

  it('adds up in all stored results, and points at words, phones and gaps that are there', () => {
    for (const input of lessonAnalyses()) {
      const result = scoreRecording(input);
      const { words } = result;
      if (result.contributions === null) continue;
      const contributions: Explanations = result.contributions;
      const spoken = words.filter(({ kind }) => kind !== 'inserted');
      for (const name of ['overall', 'accuracy', 'fluency', 'prosody'] as const) {
        const { base, parts, limit } = contributions[name] ?? assert.fail();
        const sum = parts.reduce((total, { points }) => total + points, base + limit);
        assert.ok(Math.abs(sum - (result[name] ?? NaN)) < 0.1, `${input.sentence} ${name}`);
        for (const { evidence: own } of parts) {
          if (own.kind === 'words') {
            for (const { word, score } of own.words) assert.equal(spoken[word]?.score, score);
          }
          if (own.kind === 'sounds') {
            for (const { word, phone, startS } of own.phones) {
              const found = spoken[word]?.phones.find((one) => one.startS === startS);
              assert.equal(found?.phone, phone);
            }
          }
          if (own.kind === 'pauses') {
            for (const { afterWord } of own.gaps) assert.ok(afterWord < spoken.length - 1);
          }
        }
      }
    }
  });
});
