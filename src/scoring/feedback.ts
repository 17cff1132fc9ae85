import type { Advice } from './advice.ts';
import { attemptAdvice } from './attempt-advice.ts';
import type { Attempt } from './attempt.ts';
import type { SpeechComparison } from './compare-speech.ts';
import { deliveryAdvice } from './delivery-advice.ts';
import type { Delivery } from './delivery.ts';
import { joined, type Text } from './messages/message.ts';
import { praise } from './praise.ts';
import type { ScoredWord } from './scoring-result.ts';
import { summaryAdvice, weakestAdvice, type Scores } from './summary-advice.ts';
import { wordAdvice } from './word-advice.ts';

/** Advice, most important first, and the same as one text. */
export interface Feedback {
  /** One to four. */
  advice: Advice[];
  text: Text;
}

export interface FeedbackInput {
  attempt: Attempt;
  words: readonly ScoredWord[];
  /** Both null where the recording is not scored. */
  comparison: SpeechComparison | null;
  delivery: Delivery | null;
  scores: Scores;
}

/** More than three things at once nobody mends; the fourth is what was good. */
const MOST_TO_MEND = 3;
/** A recording with less to gain than this, points of 100, has no specific fault. */
const MINOR = 5;

/**
 * One to four pieces of advice for the learner, ordered by how much there is to gain: words,
 * breaks, speed, rhythm, melody; where none of them explains a low score, the lowest of the scores;
 * then something that was good, if it was. Each names its evidence and agrees with the figures. A
 * recording that is not scored gets only the advice to record it again, and how.
 */
export function feedbackOn(input: FeedbackInput): Feedback {
  const recording = attemptAdvice(input.attempt);
  if (recording) return asFeedback([recording]);
  const advice = toMend(input);
  if (advice.length === 0) advice.push(summaryAdvice(input));
  const good = praise(input, advice);
  return asFeedback(good ? [...advice, good] : advice);
}

function toMend({ words, comparison, delivery, scores }: FeedbackInput): Advice[] {
  const found = [
    ...wordAdvice(words, comparison?.standard.words ?? []),
    ...(comparison && delivery ? deliveryAdvice(comparison, delivery) : []),
  ];
  const explained = found.some(({ importance }) => importance >= MINOR);
  const weakest = explained ? null : weakestAdvice(scores);
  if (weakest) found.push(weakest);
  // Sorting is stable: what is worth the same stays in the order above.
  return found.toSorted((a, b) => b.importance - a.importance).slice(0, MOST_TO_MEND);
}

function asFeedback(advice: Advice[]): Feedback {
  return { advice, text: joined(advice.map((piece) => piece.text)) };
}
