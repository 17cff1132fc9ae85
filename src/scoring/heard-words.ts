import type { Transcript, TranscriptWord } from './analyses.ts';
import { spokenWords } from './sentence.ts';

/**
 * What was heard, one entry per spoken word: "25" becomes two that share its time. Figures are read
 * the way the sentence says them, where one of the usual ways is in it: 2010 as `twenty ten`, `two
 * thousand ten` or `two zero one zero`, 105 with and without `and`, 100 as `one` or `a hundred`.
 */
export function heardWords(transcript: Transcript, sentence: readonly string[]): TranscriptWord[] {
  const written = ` ${sentence.join(' ')} `;
  return transcript.words.flatMap((word) => {
    const readings = readingsOf(word.text);
    const fitting = readings.find((words) => written.includes(` ${words.join(' ')} `));
    return (fitting ?? readings[0] ?? []).map((text) => ({ ...word, text }));
  });
}

/** The usual reading first. Only figures have others. */
function readingsOf(token: string): string[][] {
  const usual = spokenWords(token);
  if (!/^[^\p{L}]*\d[\d,]*[^\p{L}\d]*$/u.test(token)) return [usual];
  const digits = token.replace(/\D/g, '');
  const cardinal = spokenWords(digits.replace(/\B(?=(?:\d{3})+$)/g, ','));
  const withAnd = (words: string[]) =>
    words.flatMap((word) => (word === 'hundred' ? [word, 'and'] : [word]));
  const withA = (words: string[]) =>
    words.map((word, index) => (index === 0 && word === 'one' ? 'a' : word));
  return [
    ...[usual, cardinal].flatMap((words) => [
      words,
      withAnd(words),
      withA(words),
      withA(withAnd(words)),
    ]),
    spokenWords(digits.replace(/(?=\d)/g, ' ')),
  ];
}
