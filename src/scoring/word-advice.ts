import { named, type Advice } from './advice.ts';
import type { ScoredWord } from './scoring-result.ts';

/** Advice about words, most important first: left out, mispronounced (worst first), added. */
export function wordAdvice(words: readonly ScoredWord[]): Advice[] {
  const omitted = textsOf(words, 'omitted');
  const added = textsOf(words, 'inserted');
  const advice: Advice[] = [];
  if (omitted.length > 0) {
    advice.push({
      code: 'omitted_words',
      text: `We did not hear ${named(omitted)}: say every word of the sentence.`,
      evidence: { words: omitted },
    });
  }
  const mispronounced = mispronouncedAdvice(words);
  if (mispronounced) advice.push(mispronounced);
  if (added.length > 0) {
    advice.push({
      code: 'extra_words',
      text: `We heard ${named(added)}, which is not in the sentence: say only what is written.`,
      evidence: { words: added },
    });
  }
  return advice;
}

function mispronouncedAdvice(words: readonly ScoredWord[]): Advice | null {
  const worstFirst = words
    .filter((word) => word.kind === 'mispronounced')
    .toSorted((a, b) => (a.score ?? 0) - (b.score ?? 0));
  const [only] = worstFirst;
  if (!only) return null;
  const texts = worstFirst.map((word) => word.text);
  const single = new Set(texts).size === 1;
  const heard = single && only.heard !== null ? ` (it sounded like "${only.heard}")` : '';
  return {
    code: 'mispronounced_words',
    text: `Practise ${named(texts)}${heard}: listen to the standard and repeat ${single ? 'the word' : 'each word'} slowly.`,
    evidence: { words: texts },
  };
}

function textsOf(words: readonly ScoredWord[], kind: ScoredWord['kind']): string[] {
  return words.filter((word) => word.kind === kind).map((word) => word.text);
}
