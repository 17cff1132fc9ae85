import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PitchTrack } from '../../src/scoring/analyses.ts';
import { scoreRecording } from '../../src/scoring/score.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { StandardUnusableError } from '../../src/scoring/standard-unusable-error.ts';
import { LOUD_DB, makeSpeech, sentence, type MadeSpeech } from '../support/made-speech.ts';
import { anyRecording, anyTranscript, speechPlan } from '../support/speech-arbitraries.ts';

function score(learner: MadeSpeech, standard: MadeSpeech): ScoringResult {
  return scoreRecording({
    sentence: 'any',
    learner: { ...learner, transcript: null },
    standard,
  });
}

/** Every number in the result, with its path. */
function numbersOf(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersOf(inner, `${path}.${key}`));
}

function assertWithin(value: number | null, low: number, high: number): void {
  assert.ok(value === null || (value >= low && value <= high), String(value));
}

function assertSound(result: ScoringResult): void {
  for (const [path, value] of numbersOf(result)) {
    assert.ok(Number.isFinite(value), `${path} is ${value}`);
    assert.ok(!Object.is(value, -0), `${path} is -0`);
  }
  for (const name of ['overall', 'accuracy', 'fluency', 'prosody', 'completeness'] as const) {
    assertWithin(result[name], 0, 100);
  }
  for (const name of ['pitchSimilarity', 'rhythmSimilarity', 'pauseSimilarity'] as const) {
    assertWithin(result[name], 0, 1);
  }
  assertWithin(result.mispronouncedRatio, 0, 1);
  for (const word of result.words) assertWithin(word.score, 0, 100);
  assert.deepEqual(JSON.parse(JSON.stringify(result)), result);
}

const bare = makeSpeech({ words: sentence });

function withPitch(change: Partial<PitchTrack>): MadeSpeech {
  return { ...bare, pitch: { ...bare.pitch, ...change } };
}

const refused = {
  silent: withPitch({ contour: { ...bare.pitch.contour, hz: [] } }),
  too_short: withPitch({ durationS: 0.2 }),
  clipped: withPitch({ clippedShare: 0.1 }),
  noisy: withPitch({ energyDb: bare.pitch.energyDb.map((db) => Math.max(db, LOUD_DB - 5)) }),
  off_script: makeSpeech({ words: sentence, goodness: -12 }),
};

describe('scoreRecording', () => {
  it('gives a recording compared with itself 1.0 in every similarity', () => {
    fc.assert(
      fc.property(speechPlan, (plan) => {
        const made = makeSpeech(plan);
        const result = score(made, made);
        fc.pre(result.attempt.kind === 'ok');
        assert.equal(result.speedRatio, 1);
        assert.equal(result.pauseSimilarity, plan.words.length > 1 ? 1 : null);
        assert.ok(result.rhythmSimilarity === null || result.rhythmSimilarity === 1);
        assert.ok(result.pitchSimilarity === null || result.pitchSimilarity === 1);
        assertSound(result);
      }),
    );
  });

  it('gives finite scores within their ranges for any input of the right shape', () => {
    fc.assert(
      fc.property(anyRecording, anyRecording, anyTranscript, (learner, standard, transcript) => {
        try {
          const input = { sentence: 'any', learner: { ...learner, transcript }, standard };
          const result = scoreRecording(input);
          assertSound(result);
          assert.deepEqual(scoreRecording(structuredClone(input)), result);
        } catch (error) {
          if (!(error instanceof StandardUnusableError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  for (const [kind, learner] of Object.entries(refused)) {
    it(`gives ${kind} recordings null for every figure, no words, and one piece of advice`, () => {
      const result = score(learner, bare);
      assert.equal(result.attempt.kind, kind);
      const { overall, accuracy, fluency, prosody, completeness } = result;
      assert.deepEqual(
        [overall, accuracy, fluency, prosody, completeness],
        [null, null, null, null, null],
      );
      const { pitchSimilarity, rhythmSimilarity, pauseSimilarity, speedRatio } = result;
      assert.deepEqual(
        [pitchSimilarity, rhythmSimilarity, pauseSimilarity, speedRatio],
        [null, null, null, null],
      );
      assert.deepEqual([result.words, result.mispronouncedWords], [[], []]);
      const { mispronouncedRatio, fluencyFigures, delivery, contributions } = result;
      assert.deepEqual(
        [mispronouncedRatio, fluencyFigures, delivery, contributions],
        [null, null, null, null],
      );
      assert.equal(result.feedback.advice.length, 1);
    });
  }

  it('gives null for every score where the learner could not be aligned', () => {
    const result = scoreRecording({
      sentence: 'any',
      learner: {
        pitch: bare.pitch,
        alignment: { kind: 'unaligned', reason: 'no path' },
        transcript: { text: '', words: [] },
      },
      standard: bare,
    });
    assert.equal(result.overall, null);
    assert.equal(result.attempt.kind, 'off_script');
  });

  it('marks a scoring against a faulty standard, and scores it all the same', () => {
    const faulty = { ...bare, pitch: { ...bare.pitch, clippedShare: 0.05 } };
    const result = score(bare, faulty);
    assert.deepEqual(result.standardFindings, ['clipped']);
    assert.equal(result.standardCheck[0]?.code, 'clipped');
    assert.ok(result.overall !== null);
    assert.deepEqual(score(refused.silent, faulty).standardFindings, ['clipped']);
    assert.deepEqual(score(bare, bare).standardFindings, []);
  });

  it('refuses a standard that could not be aligned, with the reason', () => {
    const standard = {
      pitch: bare.pitch,
      alignment: { kind: 'unaligned' as const, reason: 'no path' },
    };
    assert.throws(
      () => scoreRecording({ sentence: 'any', learner: { ...bare, transcript: null }, standard }),
      (error) => error instanceof StandardUnusableError && error.message.endsWith('no path'),
    );
  });

  it('refuses a standard without phones', () => {
    const standard: MadeSpeech = { ...bare, alignment: { kind: 'aligned', words: [] } };
    assert.throws(() => score(bare, standard), StandardUnusableError);
  });

  it('explains each score by contributions that add up to it', () => {
    const result = score(makeSpeech({ words: sentence, gapsS: [0.3], slower: 1.3 }), bare);
    for (const name of ['overall', 'accuracy', 'fluency', 'prosody'] as const) {
      const { base, parts, limit } = result.contributions?.[name] ?? assert.fail();
      const sum = parts.reduce((total, part) => total + part.points, base + limit);
      assert.ok(Math.abs(sum - (result[name] ?? NaN)) < 0.1);
    }
  });
});
