import { advise, intervalOf, type Advice, type Interval } from './advice.ts';
import { named, say } from './messages/message.ts';
import type { ScoredWord } from './scoring-result.ts';

/** A word left out costs its whole share of the sentence, one said too much half of it. */
const POINTS_OF_ALL_WORDS = 100;
const EXTRA_WORD_SHARE = 0.5;

interface Word extends ScoredWord {
  /** In the sentence. */
  index: number;
}

/**
 * Advice about words left out, mispronounced (worst first) and added. `standard` are the same
 * sentence's words in the standard.
 */
export function wordAdvice(words: readonly ScoredWord[], standard: readonly Interval[]): Advice[] {
  const sentence = words.filter(({ kind }) => kind !== 'inserted');
  const indexed = sentence.map((word, index) => ({ ...word, index }));
  const added = words.filter(({ kind }) => kind === 'inserted');
  return [
    omittedAdvice(indexed, standard),
    mispronouncedAdvice(indexed, standard),
    extraAdvice(added, sentence.length),
  ].filter((advice) => advice !== null);
}

function omittedAdvice(sentence: readonly Word[], standard: readonly Interval[]): Advice | null {
  const omitted = sentence.filter(({ kind }) => kind === 'omitted');
  const [first] = omitted;
  if (!first) return null;
  const texts = omitted.map(({ text }) => text);
  return advise(
    {
      code: 'omitted_words',
      evidence: { words: texts },
      importance: (POINTS_OF_ALL_WORDS * omitted.length) / sentence.length,
      text: say('omitted_words', { words: named(texts) }),
    },
    { listenStandard: intervalOf(standard, first.index) },
  );
}

function mispronouncedAdvice(
  sentence: readonly Word[],
  standard: readonly Interval[],
): Advice | null {
  const worstFirst = sentence
    .filter(({ kind }) => kind === 'mispronounced')
    .toSorted((a, b) => (a.score ?? 0) - (b.score ?? 0));
  const [worst] = worstFirst;
  if (!worst) return null;
  const texts = worstFirst.map(({ text }) => text);
  const lost = worstFirst.reduce((sum, { score }) => sum + 1 - (score ?? 0) / 100, 0);
  return advise(
    {
      code: 'mispronounced_words',
      evidence: { words: texts },
      importance: (POINTS_OF_ALL_WORDS * lost) / sentence.length,
      text: practise(worst, texts),
    },
    { listen: spanOf(worst), listenStandard: intervalOf(standard, worst.index) },
  );
}

function practise(worst: ScoredWord, texts: readonly string[]): Advice['text'] {
  const words = named(texts);
  if (new Set(texts).size > 1) return say('mispronounced_many', { words });
  return worst.heard === null
    ? say('mispronounced_one', { words })
    : say('mispronounced_one_heard', { words, heard: named([worst.heard]) });
}

function extraAdvice(added: readonly ScoredWord[], sentenceLength: number): Advice | null {
  const [first] = added;
  if (!first) return null;
  const texts = added.map(({ text }) => text);
  const share = Math.min(1, added.length / Math.max(1, sentenceLength));
  return advise(
    {
      code: 'extra_words',
      evidence: { words: texts },
      importance: POINTS_OF_ALL_WORDS * EXTRA_WORD_SHARE * share,
      text: say('extra_words', { words: named(texts) }),
    },
    { listen: spanOf(first) },
  );
}

function spanOf({ startS, endS }: ScoredWord): Interval | null {
  return startS === null || endS === null ? null : { startS, endS };
}
