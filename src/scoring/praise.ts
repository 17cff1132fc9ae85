import { advise, type Advice } from './advice.ts';
import type { FeedbackInput } from './feedback.ts';
import { say, type MessageKey, type Text } from './messages/message.ts';
import { rounded } from './rounded.ts';
import { CLEAR_SCORE } from './word-evidence.ts';

// Praise needs more than the absence of faults: about what learners marked 9 or more reach.
const CLEAR_WORDS_ACCURACY = 80;
const STRONG_RHYTHM = 0.75;
const STRONG_PAUSES = 0.95;
const SIMILAR_SPEED = 0.8;
const STRONG_MELODY = 0.8;
const FEWEST_WORDS_IN_ONE_BREATH = 4;
/** No part of the delivery is praised where the score it belongs to is lower. */
const PRAISED_FROM = 70;

/**
 * The first thing that was good, if any: words, rhythm, pauses, speed, melody. Never one that a
 * score, a named break or other advice contradicts.
 */
export function praise(input: FeedbackInput, given: readonly Advice[]): Advice | null {
  const codes = new Set(given.map(({ code }) => code));
  if (codes.has('weak_fluency') || codes.has('weak_prosody')) return wordPraise(input, codes);
  return (
    wordPraise(input, codes) ??
    rhythmPraise(input) ??
    pausePraise(input) ??
    speedPraise(input) ??
    melodyPraise(input)
  );
}

function wordPraise(
  { words, scores }: FeedbackInput,
  codes: ReadonlySet<Advice['code']>,
): Advice | null {
  // Without a transcript nobody knows whether a word was left out.
  const known = scores.completeness !== null;
  const clear = words.every(({ kind, score }) => kind === 'ok' && (score ?? 100) >= CLEAR_SCORE);
  // A summary says it already.
  if (!known || !clear || codes.has('summary') || codes.has('weak_accuracy')) return null;
  if (scores.accuracy === null || scores.accuracy < CLEAR_WORDS_ACCURACY) return null;
  return praised({ accuracy: rounded(scores.accuracy, 1) }, 'strength_words');
}

function rhythmPraise({ comparison, scores }: FeedbackInput): Advice | null {
  const similarity = comparison?.rhythm?.similarity ?? 0;
  if (similarity < STRONG_RHYTHM || !isGood(scores.prosody)) return null;
  return praised({ rhythmSimilarity: rounded(similarity, 3) }, 'strength_rhythm');
}

function pausePraise({ comparison, delivery, scores }: FeedbackInput): Advice | null {
  const similarity = comparison?.pauseSimilarity ?? 0;
  if (similarity < STRONG_PAUSES || !isGood(scores.fluency)) return null;
  if (!delivery || delivery.unexpectedBreaks.length + delivery.missingBreaks.length > 0)
    return null;
  const paused = comparison?.learner.gapsS.some((gap) => gap >= 0.2) ?? false;
  const words = comparison?.learner.words.length ?? 0;
  if (!paused && words < FEWEST_WORDS_IN_ONE_BREATH) return null;
  const key = paused ? 'strength_pauses' : 'strength_one_breath';
  return praised({ pauseSimilarity: rounded(similarity, 3) }, key);
}

function speedPraise({ comparison, scores }: FeedbackInput): Advice | null {
  const ratio = comparison?.speed?.ratio ?? 0;
  const similar = ratio >= SIMILAR_SPEED && ratio <= 1 / SIMILAR_SPEED;
  if (!similar || !isGood(scores.fluency)) return null;
  return praised({ speedRatio: rounded(ratio, 3) }, 'strength_speed');
}

function melodyPraise({ comparison, delivery, scores }: FeedbackInput): Advice | null {
  const similarity = comparison?.pitch?.similarity ?? 0;
  if (similarity < STRONG_MELODY || delivery?.monotone !== false) return null;
  if (!isGood(scores.prosody)) return null;
  return praised({ pitchSimilarity: rounded(similarity, 3) }, 'strength_melody');
}

function isGood(score: number | null): boolean {
  return score !== null && score >= PRAISED_FROM;
}

/** The messages that need no values. */
type PlainKey = Extract<MessageKey, `strength_${string}`>;

function praised(evidence: Advice['evidence'], key: PlainKey): Advice {
  const text: Text = say(key, {});
  return advise({ code: 'strength', evidence, importance: 0, text });
}
