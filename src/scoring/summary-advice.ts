import { advise, type Advice } from './advice.ts';
import type { FeedbackInput } from './feedback.ts';
import { say, type MessageKey } from './messages/message.ts';
import { rounded } from './rounded.ts';

const EXCELLENT = 85;
const GOOD = 80;
/** Below this a recording without a specific fault is told which of its scores is lowest. */
const FAIR = 70;

export interface Scores {
  /** 0–100, null where undefined. */
  overall: number | null;
  accuracy: number | null;
  fluency: number | null;
  prosody: number | null;
  completeness: number | null;
}

/**
 * The lowest of accuracy, fluency and prosody, with what to do about it, for an overall score below
 * 70; null from there on. A tie goes to the first of them.
 */
export function weakestAdvice({ overall, accuracy, fluency, prosody }: Scores): Advice | null {
  if (overall === null || overall >= FAIR) return null;
  const scores = { accuracy, fluency, prosody };
  let lowest: { name: keyof typeof scores; score: number } | null = null;
  for (const name of ['accuracy', 'fluency', 'prosody'] as const) {
    const score = scores[name];
    if (score !== null && (lowest === null || score < lowest.score)) lowest = { name, score };
  }
  if (lowest === null) return null;
  const shown = rounded(lowest.score, 1);
  return advise({
    code: `weak_${lowest.name}`,
    evidence: { [lowest.name]: shown, overall: rounded(overall, 1) },
    importance: FAIR - overall,
    text: say(`weak_${lowest.name}`, { score: shown }),
  });
}

/** One sentence about the whole, for a recording in which nothing specific is to be mended. */
export function summaryAdvice({ scores }: FeedbackInput): Advice {
  const { overall } = scores;
  return advise({
    code: 'summary',
    evidence: overall === null ? {} : { overall: rounded(overall, 1) },
    importance: 0,
    text: say(summaryKey(scores), {}),
  });
}

type SummaryKey = Extract<MessageKey, `summary_${string}`>;

/** Praise only where no single score is below it. */
function summaryKey({ overall, accuracy, fluency, prosody, completeness }: Scores): SummaryKey {
  if (overall === null) return 'summary_plain';
  const lowest = Math.min(
    ...[overall, accuracy, fluency, prosody, completeness].filter((score) => score !== null),
  );
  if (overall >= EXCELLENT && lowest >= GOOD) return 'summary_excellent';
  const clear = completeness !== null && accuracy !== null && accuracy >= GOOD;
  if (overall >= GOOD && lowest >= FAIR && clear) return 'summary_good';
  return overall >= FAIR ? 'summary_fair' : 'summary_plain';
}
