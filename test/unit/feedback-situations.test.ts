import assert from 'node:assert/strict';
import type { AdviceCode } from '../../src/scoring/advice.ts';
import { feedbackOn } from '../../src/scoring/feedback.ts';
import { feedbackInput, type Situation } from '../support/situation.ts';

/** What happened; the expected advice in order; a piece of the English and of the Korean text. */
const situations: [string, Situation, AdviceCode[], RegExp, RegExp][] = [
  // The recording itself.
  ['nobody speaks', { attempt: 'silent' }, ['no_speech'], /move closer/, /더 가까이/],
  ['stopped at once', { attempt: 'too_short' }, ['too_short'], /whole sentence/, /너무 짧아요/],
  ['too loud', { attempt: 'clipped' }, ['clipped'], /too loud and distorted/, /찌그러졌/],
  ['in a noisy street', { attempt: 'noisy' }, ['noisy'], /quieter place/, /더 조용한 곳/],
  ['another sentence', { attempt: 'off_script' }, ['off_script'], /gave no score/, /다르게 들려서/],

  // Nothing to mend.
  [
    'excellent in everything',
    { overall: 95, accuracy: 95, fluency: 94, prosody: 92, rhythm: 0.9 },
    ['summary', 'strength'],
    /^Excellent: .* Your rhythm is close/,
    /^훌륭해요! .* 리듬이/,
  ],
  [
    'excellent overall, but hardly any melody in the score',
    { overall: 90, accuracy: 95, fluency: 92, prosody: 75 },
    ['summary', 'strength'],
    /^Well done: every word was clear/,
    /^잘했어요!/,
  ],
  [
    'good',
    { overall: 82, rhythm: 0.8 },
    ['summary', 'strength'],
    /^Well done: .* rhythm/,
    /^잘했어요!/,
  ],
  [
    'good, and we do not know whether a word is missing',
    { overall: 82, completeness: null },
    ['summary', 'strength'],
    /^You are on the right track/,
    /^잘하고 있는 중/,
  ],
  [
    'fair, sounds only just clear',
    { overall: 74, accuracy: 71, fluency: 75, prosody: 74 },
    ['summary', 'strength'],
    /right track: .* one breath/,
    /한 호흡/,
  ],
  [
    'fair, fluency below what is praised',
    { overall: 71, accuracy: 76, fluency: 66, prosody: 69 },
    ['summary'],
    /right track: .* record it again\.$/,
    /다시 녹음해 보세요\.$/,
  ],
  ['without an overall score', { overall: null }, ['summary', 'strength'], /^Listen/, /^표준/],

  // A low score that no single fault explains.
  [
    'weak, accuracy lowest',
    { overall: 60, accuracy: 55, fluency: 62, prosody: 61 },
    ['weak_accuracy'],
    /accuracy has the most to gain \(55 of 100\)/,
    /정확도.*100점 중 55점/,
  ],
  [
    'weak, fluency lowest, words clear',
    { overall: 66, accuracy: 82, fluency: 58.2, prosody: 61 },
    ['weak_fluency', 'strength'],
    /fluency has the most to gain \(58\.2 of 100\).* Every word/,
    /유창성.*58\.2점/,
  ],
  [
    'weak, prosody lowest',
    { overall: 65, accuracy: 72, fluency: 71, prosody: 60 },
    ['weak_prosody'],
    /prosody has the most to gain/,
    /운율/,
  ],
  [
    'weak, and a melody that explains little of it',
    { overall: 50, accuracy: 50, fluency: 55, prosody: 52, pitch: 0.3 },
    ['weak_accuracy', 'melody'],
    /accuracy .* Listen to where the voice/,
    /정확도.*억양/,
  ],

  // Words.
  [
    'one word left out',
    { omitted: ['likes'], completeness: 75 },
    ['omitted_words', 'strength'],
    /did not hear "likes": say every word/,
    /^"likes" 단어가 들리지 않았어요/,
  ],
  [
    'two words left out',
    { omitted: ['likes', 'today'], completeness: 50, fluency: 60 },
    ['omitted_words'],
    /"likes" and "today"/,
    /"likes", "today" 단어가/,
  ],
  [
    'every word left out',
    { omitted: ['tom', 'likes', 'layla', 'today'], overall: 30, completeness: 0, fluency: 30 },
    ['omitted_words'],
    /"tom", "likes" and "layla": say/,
    /"tom", "likes", "layla" 단어가/,
  ],
  [
    'one word mispronounced',
    { wrong: { today: 40 } },
    ['mispronounced_words', 'strength'],
    /Practise "today": .* repeat the word slowly/,
    /"today" 단어를 연습해 보세요/,
  ],
  [
    'one word heard as another',
    { wrong: { likes: 50 }, heard: { likes: 'licks' } },
    ['mispronounced_words', 'strength'],
    /\(it sounded like "licks"\)/,
    /"licks" 같은 소리로/,
  ],
  [
    'two words mispronounced, the worst named first',
    { wrong: { tom: 55, layla: 20 }, fluency: 60 },
    ['mispronounced_words'],
    /Practise "layla" and "tom": .* each word/,
    /"layla", "tom" 단어를/,
  ],
  [
    'one left out and one slightly wrong',
    { omitted: ['tom'], wrong: { layla: 50 }, completeness: 75, fluency: 60 },
    ['omitted_words', 'mispronounced_words'],
    /^We did not hear "tom".* Practise "layla"/,
    /^"tom" 단어가.*"layla" 단어를/,
  ],
  [
    'a word too many',
    { inserted: ['um'] },
    ['extra_words', 'strength'],
    /heard "um", which is not/,
    /들렸어요: "um"\./,
  ],
  [
    'many words too many, one wrong',
    { inserted: ['and', 'then', 'he', 'said'], wrong: { tom: 55 }, fluency: 60 },
    ['extra_words', 'mispronounced_words'],
    /"and", "then" and "he"/,
    /"and", "then", "he"/,
  ],

  // Delivery.
  [
    'one break inside the sentence',
    { learner: { gapsS: [0, 0.5] }, fluency: 65 },
    ['extra_pauses', 'strength'],
    /paused after "likes", where the standard does not/,
    /"likes" 단어 뒤에서 멈췄어요/,
  ],
  [
    'the same break at a comma',
    { learner: { gapsS: [0, 0.5] }, text: 'Tom likes, Layla today.', overall: 75, fluency: 65 },
    ['summary'],
    /right track/,
    /잘하고 있는 중/,
  ],
  [
    'a break after every word outweighs a word slightly wrong',
    { learner: { gapsS: [0.6, 0.9, 0.6] }, wrong: { tom: 58 }, fluency: 50 },
    ['extra_pauses', 'mispronounced_words'],
    /^You paused 3 times .* after "likes", "tom" and "layla"/,
    /3번 멈췄어요/,
  ],
  [
    'no break where the standard has one',
    { standard: { gapsS: [0, 0.5] }, overall: 80, fluency: 75, prosody: 69 },
    ['missing_pauses', 'strength'],
    /short pause after "likes"/,
    /"likes" 단어 뒤에서 잠깐 쉬어/,
  ],
  [
    'half as fast',
    { learner: { slower: 2 }, fluency: 60 },
    ['too_slow', 'strength'],
    /about 50 % of the standard's speed/,
    /약 50% 속도/,
  ],
  [
    'twice as fast',
    { learner: { slower: 0.5 }, fluency: 65 },
    ['too_fast', 'strength'],
    /about 200 % .* take your time/,
    /약 200% 속도/,
  ],
  [
    'one word much too long',
    { learner: { phoneS: [0.05, 0.05, 0.6, 0.6, 0.05] }, fluency: 60, prosody: 60 },
    ['rhythm', 'strength'],
    /make "likes" shorter/,
    /"likes" 단어는 더 짧게/,
  ],
  [
    'a monotone',
    { learner: { melody: () => 0 }, pitch: 0.1, fluency: 65 },
    ['flat_melody', 'strength'],
    /rather flat/,
    /높낮이가 거의 없었어요/,
  ],
  [
    'another melody',
    { pitch: 0.3, fluency: 65 },
    ['melody', 'strength'],
    /follow its melody/,
    /억양을 따라/,
  ],
  [
    'everything at once: the three that cost most',
    {
      omitted: ['tom'],
      wrong: { layla: 10 },
      learner: { gapsS: [0, 0.9, 0.9], slower: 2 },
      pitch: 0.2,
      overall: 20,
      accuracy: 20,
      fluency: 20,
      prosody: 20,
    },
    ['omitted_words', 'mispronounced_words', 'extra_pauses'],
    /^We did not hear .* Practise .* You paused/,
    /^"tom".*"layla".*멈췄어요/,
  ],

  // What was good is said where it is true.
  [
    'slow but with a good rhythm',
    { learner: { slower: 2 }, rhythm: 0.9, overall: 74, accuracy: 76, fluency: 71, prosody: 73 },
    ['too_slow', 'strength'],
    /little faster\. Your rhythm is close/,
    /리듬이 표준 음성과 비슷해요/,
  ],
  [
    'a monotone is not praised for its melody',
    { learner: { melody: () => 0 }, pitch: 0.9, prosody: 85, accuracy: 75, fluency: 65 },
    ['flat_melody'],
    /rather flat: .* standard\.$/,
    /높낮이/,
  ],
];

describe('the advice in a situation', () => {
  for (const [name, situation, expected, english, korean] of situations) {
    it(`${name}: ${expected.join(', ')}`, () => {
      const { advice, text } = feedbackOn(feedbackInput(situation));
      assert.deepEqual(
        advice.map(({ code }) => code),
        expected,
        text.en,
      );
      assert.match(text.en, english);
      assert.match(text.ko, korean);
      assert.match(text.ko, /[가-힣]/);
      assert.doesNotMatch(text.en + text.ko, /[{}]/);
    });
  }
});
