import { matchSyllables, type MatchedSyllable } from '../scoring/match-syllables.ts';
import { markup, type Markup } from './markup.ts';
import type { ComparedSpeech } from './report-data.ts';
import type { ReportWord } from './report-words.ts';
import { isPhone, soundOf } from './sounds.ts';

/** A syllable that both recordings have, with its name. */
export interface NamedSyllable extends MatchedSyllable {
  /** The word as it is written. */
  label: string;
  /** Its sounds, as dictionaries write them. */
  ipa: string;
}

export function matchedOf(
  { learner, standard }: ComparedSpeech,
  words: readonly ReportWord[],
): NamedSyllable[] {
  const labels = new Map(words.map(({ index, label }) => [index, label]));
  return matchSyllables(learner, standard).map((matched) => {
    const { firstPhone, phoneCount } = matched.learner.syllable;
    const phones = learner.words[matched.word]?.phones.slice(firstPhone, firstPhone + phoneCount);
    return {
      ...matched,
      label: labels.get(matched.word) ?? '',
      ipa: (phones ?? [])
        .map(({ phone, stress }) => (isPhone(phone) ? soundOf(phone, stress).ipa : phone))
        .join(''),
    };
  });
}

export function syllableName({ label, ipa }: NamedSyllable): Markup {
  return markup`<span lang="en">${label} <span class="ipa">${ipa}</span></span>`;
}
