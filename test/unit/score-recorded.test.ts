import assert from 'node:assert/strict';
import type { Aligned, PitchTrack, Transcript } from '../../src/scoring/analyses.ts';
import { FORMULA_VERSION, scoreRecording } from '../../src/scoring/score.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import recorded from '../fixtures/scoring/analyses.json' with { type: 'json' };

interface Recording {
  pitch: PitchTrack;
  alignment: Aligned;
}

interface Pair {
  sentence: string;
  learner: Recording & { transcript: Transcript };
  standard: Recording;
}

const pairs = recorded.recordings as Pair[];

function pair(start: string): Pair {
  return pairs.find(({ sentence }) => sentence.startsWith(start)) ?? assert.fail(start);
}

function figures(result: ScoringResult) {
  const { overall, accuracy, fluency, prosody, mispronouncedWords } = result;
  const { pitchSimilarity, rhythmSimilarity, pauseSimilarity, speedRatio } = result;
  return {
    attempt: result.attempt.kind,
    scores: [overall, accuracy, fluency, prosody],
    similarities: [pitchSimilarity, rhythmSimilarity, pauseSimilarity, speedRatio],
    mispronouncedWords,
  };
}

describe('scoreRecording on real recordings', () => {
  it('gives the figures of this formula version: raise FORMULA_VERSION when they change', () => {
    assert.equal(FORMULA_VERSION, '2');
    // Experts' total: 9.7
    assert.deepEqual(figures(scoreRecording(pair('Tom'))), {
      attempt: 'ok',
      scores: [91.4, 90.6, 91.3, 87.6],
      similarities: [0.836, 0.948, 1, 0.807],
      mispronouncedWords: [],
    });
    // Experts' total: 3.0
    assert.deepEqual(figures(scoreRecording(pair('Then'))), {
      attempt: 'ok',
      scores: [55.4, 61.1, 63.5, 61],
      similarities: [0.861, 0.177, 0.175, 0.935],
      mispronouncedWords: ['she'],
    });
    // Experts' total: 0.4
    assert.deepEqual(figures(scoreRecording(pair('Her'))), {
      attempt: 'off_script',
      scores: [null, null, null, null],
      similarities: [null, null, null, null],
      mispronouncedWords: [],
    });
  });

  it('gives every scored recording compared with itself 1 in all similarities', () => {
    for (const { sentence, learner, standard } of pairs) {
      for (const recording of [learner, standard]) {
        const result = scoreRecording({
          sentence,
          learner: { ...recording, transcript: null },
          standard: recording,
        });
        const same = result.attempt.kind === 'ok' ? 1 : null;
        assert.deepEqual(figures(result).similarities, [same, same, same, same], sentence);
      }
    }
  });

  it('hears the same melody in another register, none in a monotone, the opposite when inverted', () => {
    for (const { sentence, standard } of pairs) {
      const withPitch = (change: (hz: number) => number): number | null => {
        const hz = standard.pitch.refined.hz.map((value) => (value > 0 ? change(value) : 0));
        const pitch = { ...standard.pitch, refined: { ...standard.pitch.refined, hz } };
        const learner = { ...standard, pitch, transcript: null };
        return scoreRecording({ sentence, learner, standard }).pitchSimilarity;
      };
      assert.ok((withPitch((hz) => hz * 1.3) ?? 0) >= 0.99, sentence);
      assert.ok((withPitch(() => 180) ?? 1) <= 0.05, sentence);
      assert.ok((withPitch((hz) => 180 ** 2 / hz) ?? 1) <= 0.01, sentence);
      assert.ok(
        Math.abs((withPitch((hz) => 180 * (hz / 180) ** 0.5) ?? 0) - 0.83) < 0.01,
        sentence,
      );
    }
  });

  it('explains a weak attempt in words that name what was heard', () => {
    const { feedback } = scoreRecording(pair('Then'));
    assert.match(feedback.text.en, /"she"/);
    assert.match(feedback.text.en, /You paused/);
    assert.match(feedback.text.ko, /"she"/);
  });
});
