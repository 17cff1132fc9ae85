/** Pronunciations of words that no dictionary holds, from the rules of the library phonemize. */
import { createRequire } from 'node:module';
import { isVowel } from '../scoring/syllables.ts';
import type { Pronunciation, Stress } from './lexicon.ts';

/** IPA as phonemize writes American English → the 39 phones of the CMU dictionary. */
const PHONE_OF: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ tʃ: 'CH', dʒ: 'JH', aɪ: 'AY', aʊ: 'AW', eɪ: 'EY', oʊ: 'OW', ɔɪ: 'OY' },
    ...{ ɝ: 'ER', ɚ: 'ER', ə: 'AH', ʌ: 'AH', ɑ: 'AA', a: 'AA', æ: 'AE', ɔ: 'AO', ɛ: 'EH' },
    ...{ e: 'EY', ɪ: 'IH', i: 'IY', o: 'OW', ʊ: 'UH', u: 'UW' },
    ...{ b: 'B', d: 'D', f: 'F', ɡ: 'G', g: 'G', h: 'HH', k: 'K', l: 'L', ɫ: 'L', m: 'M' },
    ...{ n: 'N', ŋ: 'NG', p: 'P', ɹ: 'R', r: 'R', s: 'S', ʃ: 'SH', t: 'T', ɾ: 'T', θ: 'TH' },
    ...{ ð: 'DH', v: 'V', w: 'W', z: 'Z', ʒ: 'ZH', j: 'Y' },
  }),
);

const STRESS_OF: ReadonlyMap<string, Stress> = new Map([
  ['ˈ', 1],
  ['ˌ', 2],
]);

// The package's ES modules import JSON without an attribute, which Node 20 refuses.
const { toIPA } = createRequire(import.meta.url)('phonemize') as {
  toIPA: (word: string) => string;
};

/** The likeliest pronunciation of `letters` (a–z only); null where the rules find no vowel. */
export function soundOut(letters: string): Pronunciation | null {
  return fromIpa(toIPA(letters));
}

/**
 * Stress marks stand before the syllable and so count for the next vowel. Null for symbols outside
 * the table and for pronunciations without a vowel.
 */
export function fromIpa(ipa: string): Pronunciation | null {
  const pronunciation: Pronunciation = { phones: [], stress: [] };
  let mark: Stress = 0;
  for (let at = 0; at < ipa.length;) {
    const symbol = PHONE_OF.has(ipa.slice(at, at + 2)) ? ipa.slice(at, at + 2) : ipa.charAt(at);
    at += symbol.length;
    const phone = PHONE_OF.get(symbol);
    if (phone !== undefined) {
      pronunciation.phones.push(phone);
      pronunciation.stress.push(isVowel(phone) ? mark : null);
      if (isVowel(phone)) mark = 0;
    } else {
      const stress = STRESS_OF.get(symbol);
      if (stress === undefined) return null;
      mark = stress;
    }
  }
  return pronunciation.phones.some(isVowel) ? pronunciation : null;
}
