/**
 * What learners and content editors read, in English. `{name}` stands for a value. The other
 * languages have the same keys and the same values.
 */
export const en = {
  no_speech: 'We could not hear you: move closer to the microphone and record again.',
  too_short: 'The recording is too short: press record, say the whole sentence, then stop.',
  off_script:
    'This did not sound like the sentence of the lesson, so we gave no score: read the whole sentence and record it again.',
  clipped:
    'Your recording is too loud and distorted, so we gave no score: move a little away from the microphone and record again.',
  noisy:
    'There is too much noise in your recording to score it fairly: find a quieter place and record again.',

  omitted_words: 'We did not hear {words}: say every word of the sentence.',
  mispronounced_one: 'Practise {words}: listen to the standard, then repeat the word slowly.',
  mispronounced_one_heard:
    'Practise {words} (it sounded like {heard}): listen to the standard, then repeat the word slowly.',
  mispronounced_many: 'Practise {words}: listen to the standard, then repeat each word slowly.',
  extra_words: 'We heard {words}, which is not in the sentence: say only what is written.',

  extra_pauses_one:
    'You paused after {words}, where the standard does not: say the words before and after it in one breath.',
  extra_pauses_many:
    'You paused {count} times where the standard does not, such as after {words}: join these words to the next ones.',
  missing_pauses: 'Take a short pause after {words}, as the standard does.',
  too_slow:
    "You spoke at about {percent} % of the standard's speed: join the words and speak a little faster.",
  too_fast:
    "You spoke at about {percent} % of the standard's speed: take your time with each word.",
  rhythm_shorter:
    'Follow the rhythm of the standard: make {words} shorter, and stress the same syllables.',
  rhythm_longer:
    'Follow the rhythm of the standard: make {words} longer, and stress the same syllables.',
  flat_melody: 'Your voice stayed rather flat: let it rise and fall as in the standard.',
  melody: 'Listen to where the voice of the standard rises and falls, and follow its melody.',

  weak_accuracy:
    'Of your scores accuracy has the most to gain ({score} of 100): listen to the standard word by word, and copy its vowels and the ends of its words.',
  weak_fluency:
    'Of your scores fluency has the most to gain ({score} of 100): say the sentence along with the standard a few times, until it flows.',
  weak_prosody:
    'Of your scores prosody has the most to gain ({score} of 100): listen to which words the standard stresses, and make them longer and louder too.',

  summary_excellent: 'Excellent: your sentence was clear and fluent.',
  summary_good:
    'Well done: every word was clear. Repeat after the standard to sound even more natural.',
  summary_fair:
    'You are on the right track: say the sentence along with the standard once more, then record it again.',
  summary_plain: 'Listen to the standard once more, then record the sentence again.',

  strength_words: 'Every word of the sentence was clear: keep it up.',
  strength_rhythm: 'Your rhythm is close to the standard: keep it.',
  strength_pauses: 'You paused just where the standard does: keep it.',
  strength_one_breath: 'You spoke in one breath, as the standard does: keep it.',
  strength_speed: 'Your speed is close to the standard: keep it.',
  strength_melody: 'Your voice rises and falls like the standard: keep it.',

  standard_silent:
    'The standard holds almost no voice ({voicedFrames} voiced frames of 10 ms): upload the recording again.',
  standard_clipped:
    'The standard is distorted: {percent} % of its samples are at full scale. Record it again at a lower level.',
  standard_noisy:
    'The standard is noisy: only {rangeDb} dB lie between its loud and its soft parts. Record it again in a quiet room.',
  standard_wrong_sentence:
    'The standard does not sound like the sentence of its lesson (goodness {goodness}): check both the recording and the text.',
  standard_too_slow:
    'The standard is spoken far too slowly: {rate} syllables a second, natural are 4 to 6. Record it again at a natural speed.',
  standard_unusable:
    'No recording can be compared with this standard: replace it, and check that the sentence is what it says.',
} as const;
