import { spokenWords } from '../scoring/sentence.ts';

/**
 * How the sentence writes each of its words: `Let's` for `let's`, `gym.` for `gym`. Where the written
 * words are not the spoken ones (25 is two of them), the spoken ones.
 */
export function wordLabels(sentence: string, words: readonly string[]): string[] {
  const tokens = sentence.split(/\s+/).map((token) => ({ token, spoken: spokenWords(token) }));
  if (tokens.flatMap(({ spoken }) => spoken).join(' ') !== words.join(' ')) return [...words];
  return tokens.flatMap(({ token, spoken }) => (spoken.length === 1 ? [token] : spoken));
}
