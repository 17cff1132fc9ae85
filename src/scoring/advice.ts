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
  | 'strength'
  | 'summary';

/** One sentence or two for the learner, and the figures or words it rests on. */
export interface Advice {
  code: AdviceCode;
  text: string;
  evidence: Record<string, number | string | string[]>;
}

const MOST_NAMED = 3;

/** `"three", "weather" and "the"`: at most three words, repeats once, in the order given. */
export function named(words: readonly string[]): string {
  const quoted = [...new Set(words)].slice(0, MOST_NAMED).map((word) => `"${word}"`);
  const last = quoted.at(-1) ?? '';
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}
