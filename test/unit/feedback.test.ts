import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Transcript } from '../../src/scoring/analyses.ts';
import { scoreRecording } from '../../src/scoring/score.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { makeSpeech, sentence, type MadeSpeech, type SpeechPlan } from '../support/made-speech.ts';
import { speechPlan } from '../support/speech-arbitraries.ts';

const standardPlan = { words: sentence, goodness: -4 };

function score(learner: MadeSpeech, transcript: string | null = null): ScoringResult {
  return scoreRecording({
    sentence: 'Tom likes Layla today.',
    learner: { ...learner, transcript: transcript === null ? null : heard(transcript) },
    standard: makeSpeech(standardPlan),
  });
}

function heard(text: string): Transcript {
  const words = text
    .split(' ')
    .map((word) => ({ text: word, startS: 0, endS: 0, confidence: null }));
  return { text, words };
}

function speak(plan: Partial<SpeechPlan>): MadeSpeech {
  return makeSpeech({ ...standardPlan, ...plan });
}

function codes(result: ScoringResult): string[] {
  return result.feedback.advice.map((advice) => advice.code);
}

describe('feedback', () => {
  it('praises a recording like the standard and finds nothing to mend', () => {
    const result = score(speak({}), 'tom likes layla today');
    assert.deepEqual(codes(result), ['summary', 'strength']);
    assert.match(result.feedback.text, /^Excellent: .* keep it\.$/);
  });

  it('tells a silent learner to come closer, and nothing else', () => {
    const silent = speak({});
    silent.pitch.contour = { ...silent.pitch.contour, hz: [] };
    const { feedback } = score(silent);
    assert.deepEqual(feedback.advice, [
      {
        code: 'no_speech',
        text: 'We could not hear you: move closer to the microphone and record again.',
        evidence: { voicedFrames: 0 },
      },
    ]);
    assert.equal(feedback.text, feedback.advice[0]?.text);
  });

  it('tells who read another sentence only that', () => {
    assert.deepEqual(codes(score(speak({ goodness: -9 }))), ['off_script']);
  });

  it('puts the recording before the words, and words before delivery', () => {
    const learner = speak({ gapsS: [0, 0.5, 0], slower: 2 });
    const loud = { ...learner, pitch: { ...learner.pitch, clippedShare: 0.1 } };
    const result = score(loud, 'tom licks layla today');
    assert.deepEqual(codes(result), ['clipped', 'mispronounced_words', 'extra_pauses', 'too_slow']);
  });

  it('names the words it is about, and what was heard instead', () => {
    const result = score(speak({}), 'tom licks layla today');
    assert.match(
      result.feedback.text,
      /Practise "likes" \(it sounded like "licks"\): .* repeat the word slowly\./,
    );
    assert.deepEqual(result.feedback.advice[0]?.evidence, { words: ['likes'] });
  });

  it('says after which word the learner paused', () => {
    const result = score(speak({ gapsS: [0, 0.5, 0] }));
    assert.match(result.feedback.text, /paused once where the standard does not, after "likes"/);
  });

  it('says how fast the learner spoke', () => {
    assert.match(score(speak({ slower: 2 })).feedback.text, /about 50 % of the standard's speed/);
    assert.match(score(speak({ slower: 0.5 })).feedback.text, /about 200 % of the standard's/);
  });

  it('names the word that is too long or too short for the rhythm', () => {
    const likes = (own: number, other: number) =>
      speak({ phoneS: [other, other, own, own, other] });
    assert.match(
      score(likes(0.6, 0.05)).feedback.text,
      /rhythm of the standard: make "likes" shorter/,
    );
    assert.match(
      score(likes(0.03, 0.2)).feedback.text,
      /rhythm of the standard: make "likes" longer/,
    );
  });

  it('tells a flat voice from another melody', () => {
    assert.ok(codes(score(speak({ melody: () => 0 }))).includes('flat_melody'));
    const inverted = speak({ melody: (share) => -4 * Math.sin(share * 9) });
    assert.ok(codes(score(inverted)).includes('melody'));
  });

  it('mentions extra words only as such', () => {
    const result = score(speak({}), 'um tom likes layla today');
    assert.deepEqual(codes(result), ['extra_words', 'strength']);
    assert.deepEqual(result.mispronouncedWords, []);
  });

  it('never contradicts the figures', () => {
    const transcripts = fc.constantFrom(null, 'tom likes layla today', 'tom licks today', 'um');
    fc.assert(
      fc.property(speechPlan, transcripts, (plan, transcript) => {
        const learner = makeSpeech({ ...plan, words: sentence });
        const result = score(learner, transcript);
        const { advice, text } = result.feedback;
        assert.ok(advice.length >= 1 && advice.length <= 4);
        assert.equal(text, advice.map((piece) => piece.text).join(' '));
        for (const { code, evidence } of advice) {
          const words = evidence['words'];
          if (code === 'omitted_words' || code === 'mispronounced_words') {
            assert.ok(Array.isArray(words));
            assert.ok(words.every((word) => result.mispronouncedWords.includes(word)));
          }
          if (code === 'summary') assert.deepEqual(result.mispronouncedWords, []);
          if (code === 'too_slow') assert.ok((result.speedRatio ?? 1) <= 0.6);
          if (code === 'too_fast') assert.ok((result.speedRatio ?? 1) >= 1.4);
          if (code === 'rhythm') assert.ok((result.rhythmSimilarity ?? 1) <= 0.5);
          if (code === 'extra_pauses') assert.ok((result.fluencyFigures?.pauseCount ?? 0) > 0);
        }
      }),
    );
  });
});
