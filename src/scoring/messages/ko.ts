import type { Messages } from './message.ts';

/**
 * The same in Korean. No particle follows a value directly, because its form would depend on how
 * the English word ends: "{words} 단어를" instead of "{words}을/를".
 */
export const ko: Messages = {
  no_speech: '목소리가 들리지 않았어요. 마이크에 더 가까이 대고 다시 녹음해 주세요.',
  too_short: '녹음이 너무 짧아요. 녹음 버튼을 누르고 문장을 끝까지 말한 다음 멈춰 주세요.',
  off_script:
    '제시된 문장과 다르게 들려서 점수를 매기지 않았어요. 문장을 보면서 끝까지 읽고 다시 녹음해 주세요.',
  clipped:
    '소리가 너무 커서 녹음이 찌그러졌기 때문에 점수를 매기지 않았어요. 마이크에서 조금 떨어져서 다시 녹음해 주세요.',
  noisy:
    '녹음에 소음이 너무 많아 공정하게 점수를 매길 수 없어요. 더 조용한 곳에서 다시 녹음해 주세요.',

  omitted_words: '{words} 단어가 들리지 않았어요. 문장의 모든 단어를 빠짐없이 말해 보세요.',
  mispronounced_one:
    '{words} 단어를 연습해 보세요. 표준 음성을 듣고 그 단어를 천천히 따라 해 보세요.',
  mispronounced_one_heard:
    '{words} 단어를 연습해 보세요. {heard} 같은 소리로 들렸어요. 표준 음성을 듣고 그 단어를 천천히 따라 해 보세요.',
  mispronounced_many:
    '{words} 단어를 연습해 보세요. 표준 음성을 듣고 단어마다 천천히 따라 해 보세요.',
  extra_words: '문장에 없는 말이 들렸어요: {words}. 적혀 있는 대로만 말해 보세요.',

  extra_pauses_one:
    '표준 음성과 달리 {words} 단어 뒤에서 멈췄어요. 앞뒤 단어를 한 호흡에 이어서 말해 보세요.',
  extra_pauses_many:
    '표준 음성에는 없는 곳에서 {count}번 멈췄어요(예: {words} 단어 뒤). 이 단어들을 다음 단어와 이어서 말해 보세요.',
  missing_pauses: '표준 음성처럼 {words} 단어 뒤에서 잠깐 쉬어 보세요.',
  too_slow: '표준 음성의 약 {percent}% 속도로 말했어요. 단어를 이어서 조금 더 빠르게 말해 보세요.',
  too_fast: '표준 음성의 약 {percent}% 속도로 말했어요. 단어마다 여유를 두고 말해 보세요.',
  rhythm_shorter:
    '표준 음성의 리듬을 따라 해 보세요. {words} 단어는 더 짧게 말하고, 같은 음절에 힘을 주세요.',
  rhythm_longer:
    '표준 음성의 리듬을 따라 해 보세요. {words} 단어는 더 길게 말하고, 같은 음절에 힘을 주세요.',
  flat_melody: '목소리의 높낮이가 거의 없었어요. 표준 음성처럼 올렸다 내렸다 해 보세요.',
  melody: '표준 음성이 어디에서 올라가고 내려가는지 잘 듣고 그 억양을 따라 해 보세요.',

  weak_accuracy:
    '점수 가운데 정확도를 가장 많이 올릴 수 있어요(100점 중 {score}점). 표준 음성을 단어별로 듣고 모음과 단어 끝소리를 따라 해 보세요.',
  weak_fluency:
    '점수 가운데 유창성을 가장 많이 올릴 수 있어요(100점 중 {score}점). 자연스럽게 이어질 때까지 표준 음성과 함께 몇 번 말해 보세요.',
  weak_prosody:
    '점수 가운데 운율을 가장 많이 올릴 수 있어요(100점 중 {score}점). 표준 음성이 어느 단어를 강조하는지 듣고 그 단어를 더 길고 크게 말해 보세요.',

  summary_excellent: '훌륭해요! 문장이 또렷하고 유창했어요.',
  summary_good: '잘했어요! 모든 단어가 또렷했어요. 표준 음성을 따라 하면 더욱 자연스러워질 거예요.',
  summary_fair:
    '잘하고 있는 중이에요. 표준 음성과 함께 문장을 한 번 더 말해 본 다음 다시 녹음해 보세요.',
  summary_plain: '표준 음성을 한 번 더 듣고 문장을 다시 녹음해 보세요.',

  strength_words: '문장의 모든 단어가 또렷했어요. 계속 이렇게 해 보세요.',
  strength_rhythm: '리듬이 표준 음성과 비슷해요. 계속 이렇게 해 보세요.',
  strength_pauses: '표준 음성과 같은 곳에서 쉬었어요. 계속 이렇게 해 보세요.',
  strength_one_breath: '표준 음성처럼 한 호흡에 말했어요. 계속 이렇게 해 보세요.',
  strength_speed: '말하는 속도가 표준 음성과 비슷해요. 계속 이렇게 해 보세요.',
  strength_melody: '목소리의 높낮이가 표준 음성과 비슷해요. 계속 이렇게 해 보세요.',

  standard_silent:
    '표준 음성에 목소리가 거의 없어요(10밀리초 유성음 구간 {voicedFrames}개). 녹음을 다시 올려 주세요.',
  standard_clipped:
    '표준 음성이 찌그러져 있어요. 샘플의 {percent}%가 최대 음량에 닿아 있어요. 더 작은 음량으로 다시 녹음해 주세요.',
  standard_noisy:
    '표준 음성에 소음이 있어요. 큰 소리와 작은 소리의 차이가 {rangeDb}데시벨뿐이에요. 조용한 방에서 다시 녹음해 주세요.',
  standard_wrong_sentence:
    '표준 음성이 수업의 문장과 다르게 들려요(적합도 {goodness}). 녹음과 문장을 모두 확인해 주세요.',
  standard_too_slow:
    '표준 음성이 너무 느려요. 초당 {rate}음절이며, 자연스러운 속도는 4~6음절이에요. 자연스러운 속도로 다시 녹음해 주세요.',
  standard_unusable:
    '이 표준 음성과는 어떤 녹음도 비교할 수 없어요. 음성을 바꾸고, 문장이 음성과 같은지 확인해 주세요.',
};
