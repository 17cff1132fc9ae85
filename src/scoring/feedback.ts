import type { Advice } from './advice.ts';
import { attemptAdvice } from './attempt-advice.ts';
import { isUnscored, type Attempt } from './attempt.ts';
import type { SpeechComparison } from './compare-speech.ts';
import { deliveryAdvice } from './delivery-advice.ts';
import { rounded } from './rounded.ts';
import type { ScoredWord } from './scoring-result.ts';
import { PAUSE_S } from './timing.ts';
import { wordAdvice } from './word-advice.ts';

/** Advice in order of priority, and the same as one text. */
export interface Feedback {
  /** One to four. */
  advice: Advice[];
  text: string;
}

export interface FeedbackInput {
  attempt: Attempt;
  words: readonly ScoredWord[];
  /** Null where the recording is not scored. */
  comparison: SpeechComparison | null;
  /** 0–100. */
  overall: number | null;
}

const MOST_ADVICE = 4;
const EXCELLENT = 85;
const GOOD = 70;
const STRONG_RHYTHM = 0.75;
const STRONG_PAUSES = 0.95;
const SIMILAR_SPEED = 0.8;
const FEWEST_WORDS_IN_ONE_BREATH = 4;

/**
 * One to four short pieces of advice for the learner, most important first: the recording itself,
 * words, pauses, speed, rhythm, melody; then a strength while there is room. Each names its
 * evidence and agrees with the figures. Recordings that are silent, too short or off script get
 * only the advice to record again.
 */
export function feedbackOn({ attempt, words, comparison, overall }: FeedbackInput): Feedback {
  const recording = attemptAdvice(attempt);
  if (recording && (isUnscored(attempt.kind) || attempt.kind === 'off_script')) {
    return asFeedback([recording]);
  }
  const advice = [
    ...(recording ? [recording] : []),
    ...wordAdvice(words),
    ...(comparison ? deliveryAdvice(comparison) : []),
  ].slice(0, MOST_ADVICE);
  if (advice.length === 0) advice.push(summary(overall));
  const strength = comparison ? strengthOf(comparison) : null;
  if (strength && advice.length < MOST_ADVICE) advice.push(strength);
  return asFeedback(advice);
}

function asFeedback(advice: Advice[]): Feedback {
  return { advice, text: advice.map((piece) => piece.text).join(' ') };
}

function summary(overall: number | null): Advice {
  const evidence = overall === null ? {} : { overall: rounded(overall, 1) };
  if (overall !== null && overall >= EXCELLENT) {
    return { code: 'summary', text: 'Excellent: your sentence was clear and fluent.', evidence };
  }
  const text =
    overall !== null && overall >= GOOD
      ? 'Well done: we could follow every word. Repeat after the standard to sound even more natural.'
      : 'Good effort: listen to the standard once more and record the sentence again.';
  return { code: 'summary', text, evidence };
}

function strengthOf({ rhythm, pauseSimilarity, speed, learner }: SpeechComparison): Advice | null {
  if (rhythm !== null && rhythm.similarity >= STRONG_RHYTHM) {
    return {
      code: 'strength',
      text: 'Your rhythm is close to the standard: keep it.',
      evidence: { rhythmSimilarity: rounded(rhythm.similarity, 3) },
    };
  }
  if (
    pauseSimilarity !== null &&
    pauseSimilarity >= STRONG_PAUSES &&
    learner.words.length >= FEWEST_WORDS_IN_ONE_BREATH
  ) {
    return {
      code: 'strength',
      text: learner.gapsS.some((gap) => gap >= PAUSE_S)
        ? 'You paused just where the standard does: well done.'
        : 'You spoke in one breath, as the standard does: well done.',
      evidence: { pauseSimilarity: rounded(pauseSimilarity, 3) },
    };
  }
  if (speed !== null && speed.ratio >= SIMILAR_SPEED && speed.ratio <= 1 / SIMILAR_SPEED) {
    return {
      code: 'strength',
      text: 'Your speed is close to the standard: keep it.',
      evidence: { speedRatio: rounded(speed.ratio, 3) },
    };
  }
  return null;
}
