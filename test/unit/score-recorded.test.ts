import assert from 'node:assert/strict';
import { scoreRecording, type RecordingToScore } from '../../src/scoring/score.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { lessonAnalyses } from '../support/golden.ts';

/** From excellent to what experts gave 0.4 of 10. */
const SENTENCES = ['Tom likes', 'I shall never', 'Then she turned', 'Her thin white'];
const pairs = lessonAnalyses().filter(({ sentence }) =>
  SENTENCES.some((start) => sentence.startsWith(start)),
);

function pair(start: string): RecordingToScore {
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
  it('ranks them as the experts do', () => {
    // Experts' totals: 9.7, 8.3, 3.0 and 0.4: whom nobody could follow is asked to say it again.
    const results = SENTENCES.map((start) => figures(scoreRecording(pair(start))));
    assert.deepEqual(
      results.map(({ attempt }) => attempt),
      ['ok', 'ok', 'ok', 'off_script'],
    );
    const overall = results.slice(0, 3).map(({ scores }) => scores[0] ?? NaN);
    assert.deepEqual(
      overall,
      overall.toSorted((a, b) => b - a),
    );
    assert.ok((overall[0] ?? 0) > 85 && (overall[2] ?? 100) < 60, overall.join());
    assert.ok(results[2]?.mispronouncedWords.includes('she'));
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
    assert.match(feedback.text.en, /"him"/);
    assert.match(feedback.text.ko, /"she"/);
  });
});
