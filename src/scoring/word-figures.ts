import { rounded } from './rounded.ts';
import type { ScoredWord, ScoringResult } from './scoring-result.ts';

/**
 * What the words add up to: completeness (0–100, null where omissions cannot be known), and the
 * omitted and mispronounced words of the sentence with their share (0–1, null without words).
 */
export function wordFigures(
  words: readonly ScoredWord[],
  omissionsKnown: boolean,
): Pick<ScoringResult, 'completeness' | 'mispronouncedWords' | 'mispronouncedRatio'> {
  const sentence = words.filter((word) => word.kind !== 'inserted');
  const wrong = sentence.filter((word) => word.kind !== 'ok');
  const omitted = sentence.filter((word) => word.kind === 'omitted');
  const share = (part: readonly ScoredWord[]): number | null =>
    sentence.length === 0 ? null : part.length / sentence.length;
  const omittedShare = share(omitted);
  return {
    completeness:
      omissionsKnown && omittedShare !== null ? rounded(100 * (1 - omittedShare), 1) : null,
    mispronouncedWords: wrong.map((word) => word.text),
    mispronouncedRatio: rounded(share(wrong), 3),
  };
}
