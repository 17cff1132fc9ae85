import { ElocuteError } from '../failures.ts';
import { waysToSay } from '../scoring/pronunciations.ts';
import { SentenceError } from '../scoring/sentence-error.ts';
import { normaliseSentence } from '../scoring/sentence.ts';
import type { PronunciationLexicon } from './ports.ts';

/**
 * Finds out whether a sentence can be aligned, before anybody is paid to listen for it.
 * @throws ElocuteError SENTENCE_INVALID, or WORD_UNPRONOUNCEABLE with the word
 */
export async function checkSentence(
  sentence: string,
  lexicon: PronunciationLexicon,
  signal: AbortSignal,
): Promise<void> {
  const words = wordsOf(sentence);
  const pronunciations = await lexicon.pronounce(words, signal);
  const silent = words.find((word) => waysToSay(word, pronunciations).length === 0);
  if (silent === undefined) return;
  const reason = `The word "${silent}" has no pronunciation. Spell it as it is said.`;
  throw new ElocuteError('WORD_UNPRONOUNCEABLE', reason);
}

function wordsOf(sentence: string): string[] {
  try {
    return normaliseSentence(sentence);
  } catch (cause) {
    if (!(cause instanceof SentenceError)) throw cause;
    throw new ElocuteError('SENTENCE_INVALID', cause.message, { cause });
  }
}
