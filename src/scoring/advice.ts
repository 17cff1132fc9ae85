import type { Text } from './messages/message.ts';

export type AdviceCode =
  | 'no_speech'
  | 'too_short'
  | 'off_script'
  | 'clipped'
  | 'noisy'
  | 'omitted_words'
  | 'mispronounced_words'
  | 'extra_words'
  | 'extra_pauses'
  | 'missing_pauses'
  | 'too_slow'
  | 'too_fast'
  | 'rhythm'
  | 'flat_melody'
  | 'melody'
  | 'weak_accuracy'
  | 'weak_fluency'
  | 'weak_prosody'
  | 'strength'
  | 'summary';

/** A stretch of a recording, seconds from its start. */
export interface Interval {
  startS: number;
  endS: number;
}

/** One sentence or two for the learner, the figures or words it rests on, and where to listen. */
export interface Advice {
  code: AdviceCode;
  evidence: Record<string, number | string | string[]>;
  /**
   * Roughly how many points of 100 there are to gain; advice is ordered by it. 0 for praise and
   * summaries, 100 where nothing can be scored before this is mended.
   */
  importance: number;
  /** In the learner's recording; null where it is about the whole, or about what is not there. */
  listen: Interval | null;
  /** In the standard; null where it is about the whole. */
  listenStandard: Interval | null;
  text: Text;
}

/** Advice about the whole recording unless `where` says more; whole points of importance. */
export function advise(
  advice: Pick<Advice, 'code' | 'evidence' | 'importance' | 'text'>,
  where: Partial<Pick<Advice, 'listen' | 'listenStandard'>> = {},
): Advice {
  const { code, evidence, importance, text } = advice;
  return {
    code,
    evidence,
    importance: Math.round(Math.min(100, Math.max(0, importance))),
    listen: where.listen ?? null,
    listenStandard: where.listenStandard ?? null,
    text,
  };
}

/** From the first to the last of some words (indices into `words`); null where one is not there. */
export function intervalOf(
  words: readonly Interval[],
  first: number,
  last = first,
): Interval | null {
  const [from, to] = [words[first], words[last]];
  return from && to ? { startS: from.startS, endS: to.endS } : null;
}
