import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Transcript } from '../../src/scoring/analyses.ts';
import { scoreRecording } from '../../src/scoring/score.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { lessonAnalyses } from '../support/golden.ts';
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

/** Words that pass, but are shown as almost clear. */
function almostClear({ words }: ScoringResult): string[] {
  return words.flatMap(({ text, score }) => (score !== null && score < 80 ? [text] : []));
}

describe('feedback', () => {
  it('tells a silent learner to come closer, and nothing else', () => {
    const silent = speak({});
    silent.pitch.contour = { ...silent.pitch.contour, hz: [] };
    const { feedback } = score(silent);
    const text = {
      en: 'We could not hear you: move closer to the microphone and record again.',
      ko: '목소리가 들리지 않았어요. 마이크에 더 가까이 대고 다시 녹음해 주세요.',
    };
    assert.deepEqual(feedback, {
      advice: [
        {
          code: 'no_speech',
          evidence: { voicedFrames: 0 },
          importance: 100,
          listen: null,
          listenStandard: null,
          text,
        },
      ],
      text,
    });
  });

  it('names the words it is about, what was heard instead, and where to listen', () => {
    const { feedback } = score(speak({}), 'tom licks layla today');
    assert.match(
      feedback.text.en,
      /Practise "likes" \(it sounded like "licks"\): .* repeat the word slowly\./,
    );
    const [first] = feedback.advice;
    assert.deepEqual(first?.evidence, { words: ['likes'] });
    assert.deepEqual(first.listen, { startS: 0.5, endS: 0.7 });
    assert.deepEqual(first.listenStandard, { startS: 0.5, endS: 0.7 });
  });

  it('says after which word the learner paused, and plays both words around the pause', () => {
    const result = score(speak({ gapsS: [0, 0.5, 0] }), 'tom likes layla today');
    const advice = result.feedback.advice.find(({ code }) => code === 'extra_pauses');
    assert.match(advice?.text.en ?? '', /You paused after "likes", where the standard does not/);
    assert.deepEqual(advice?.listen, { startS: 0.5, endS: 1.6 });
    assert.deepEqual(advice.listenStandard, { startS: 0.5, endS: 1.1 });
  });

  it('plays a word that was left out from the standard only', () => {
    const quiet = speak({ phoneS: [0.1, 0.1, 0.03, 0.03, 0.1] });
    const result = score(quiet, 'tom layla today');
    const [first] = result.feedback.advice;
    assert.equal(first?.code, 'omitted_words');
    assert.equal(first.listen, null);
    assert.deepEqual(first.listenStandard, { startS: 0.5, endS: 0.7 });
  });

  it('says how fast the learner spoke', () => {
    const slow = score(speak({ slower: 2 })).feedback.text;
    assert.match(slow.en, /about 50 % of the standard's speed/);
    assert.match(slow.ko, /약 50% 속도/);
    assert.match(score(speak({ slower: 0.5 })).feedback.text.en, /about 200 % of the standard's/);
  });

  it('names the word that is too long or too short for the rhythm', () => {
    const likes = (own: number, other: number) =>
      score(speak({ phoneS: [other, other, own, own, other] })).feedback.advice.find(
        ({ code }) => code === 'rhythm',
      );
    assert.match(likes(0.6, 0.05)?.text.en ?? '', /make "likes" shorter/);
    assert.match(likes(0.6, 0.05)?.text.ko ?? '', /"likes" 단어는 더 짧게/);
    assert.match(likes(0.03, 0.2)?.text.en ?? '', /make "likes" longer/);
  });

  it('tells a flat voice from another melody', () => {
    const flat = score(speak({ melody: () => 0 }));
    assert.ok(codes(flat).includes('flat_melody'));
    assert.equal(flat.delivery?.monotone, true);
    const inverted = score(speak({ melody: (share) => -4 * Math.sin(share * 9) }));
    assert.ok(codes(inverted).includes('melody'));
    assert.equal(inverted.delivery?.monotone, false);
  });

  it('mentions extra words only as such', () => {
    const result = score(speak({}), 'um tom likes layla today');
    assert.equal(codes(result)[0], 'extra_words');
    assert.deepEqual(result.mispronouncedWords, []);
  });

  const transcripts = fc.constantFrom(null, 'tom likes layla today', 'tom licks today', 'um');
  const attempts = fc
    .tuple(speechPlan, transcripts)
    .map(([plan, transcript]) => score(makeSpeech({ ...plan, words: sentence }), transcript));

  it('never contradicts the figures', () => {
    fc.assert(
      fc.property(attempts, (result) => {
        for (const { code, evidence, text } of result.feedback.advice) {
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
          if (code === 'flat_melody') assert.equal(result.delivery?.monotone, true);
          if (code.startsWith('weak_')) assert.ok((result.overall ?? 100) <= 70);
          if (/Well done|Excellent/.test(text.en)) {
            assert.ok((result.overall ?? 0) >= 80);
            assert.deepEqual(result.mispronouncedWords, []);
          }
          if (/Every word|every word was/.test(text.en)) {
            assert.equal(result.mispronouncedRatio, 0);
            assert.ok((result.accuracy ?? 0) >= 79.9);
          }
          if (/Every word/.test(text.en)) assert.deepEqual(almostClear(result), []);
          if (/in one breath, as|paused just where/.test(text.en)) {
            assert.deepEqual(result.delivery?.unexpectedBreaks, []);
            assert.deepEqual(result.delivery.missingBreaks, []);
            assert.ok((result.fluency ?? 0) >= 69.9);
          }
        }
      }),
    );
  });

  it('calls every word of a lesson recording clear only where each is shown as clear', () => {
    const results = lessonAnalyses().map((input) => scoreRecording(input));
    const praised = results.filter(({ feedback }) => feedback.text.en.includes('Every word'));
    assert.deepEqual(praised.flatMap(almostClear), []);
  });

  it('has one to four pieces, the most important first, praise last', () => {
    fc.assert(
      fc.property(attempts, ({ feedback: { advice, text } }) => {
        assert.ok(advice.length >= 1 && advice.length <= 4);
        assert.equal(text.en, advice.map((piece) => piece.text.en).join(' '));
        assert.equal(text.ko, advice.map((piece) => piece.text.ko).join(' '));
        const importance = advice.map((piece) => piece.importance);
        assert.deepEqual(
          importance,
          importance.toSorted((a, b) => b - a),
        );
        const order = advice.map(({ code }) => code);
        assert.equal(new Set(order).size, order.length);
        if (order.includes('strength')) assert.equal(order.at(-1), 'strength');
      }),
    );
  });

  it('leaves no placeholder in any text', () => {
    fc.assert(
      fc.property(attempts, ({ feedback: { text } }) => {
        assert.doesNotMatch(text.en + text.ko, /[{}]|undefined|null|NaN/);
      }),
    );
  });
});
