/** How words are pronounced: the CMU dictionary, rules for endings, letter-to-sound rules. */
import { dictionary } from 'cmu-pronouncing-dictionary';
import { SentenceError } from '../scoring/sentence-error.ts';
import { isVowel } from '../scoring/syllables.ts';
import { soundOut } from './letter-to-sound.ts';
import { packageVersion } from './package-version.ts';

/** 0 none, 1 primary, 2 secondary. */
export type Stress = 0 | 1 | 2;

export interface Pronunciation {
  /** ARPAbet without stress digits. */
  phones: string[];
  /** One per phone: the stress of a vowel, null for a consonant. */
  stress: (Stress | null)[];
}

export interface Lexicon {
  version: string;
  /**
   * All ways to say `word` (as `normaliseSentence` writes it), the most usual first; at least one.
   * @throws SentenceError `unpronounceable` when neither dictionary nor rules find a vowel in it.
   */
  pronunciations(word: string): Pronunciation[];
}

/** Raise it when a rule of this file or of letter-to-sound.ts changes: alignments are kept by it. */
const RULES_REVISION = 1;
/** Longest English words have about 30 letters; beyond this it is noise. */
const MAX_LETTERS = 40;

const SIBILANTS = new Set(['S', 'Z', 'SH', 'ZH', 'CH', 'JH']);
const VOICELESS = new Set(['P', 'T', 'K', 'F', 'TH']);

/** What an ending adds to the last phone of its base. */
const ENDINGS: [ending: string, sound: (last: string) => string[]][] = [
  ["'s", sibilantEnding],
  ["'ll", () => ['AH', 'L']],
  ["'d", (last) => (last === 'T' || last === 'D' ? ['AH', 'D'] : ['D'])],
  ["'ve", () => ['AH', 'V']],
  ["'re", () => ['ER']],
  ["'m", () => ['AH', 'M']],
  ["n't", () => ['AH', 'N', 'T']],
];

export function createLexicon(): Lexicon {
  return {
    version: [
      packageVersion('cmu-pronouncing-dictionary'),
      packageVersion('phonemize'),
      `rules-${RULES_REVISION}`,
    ].join(' '),
    pronunciations(word) {
      const found = pronounce(word);
      if (found.length > 0) return found;
      throw new SentenceError(
        'unpronounceable',
        `The word "${word.slice(0, MAX_LETTERS)}" has no pronunciation. Spell it as it is said.`,
      );
    },
  };
}

function pronounce(word: string): Pronunciation[] {
  if (word.length > MAX_LETTERS) return [];
  const listed = lookUp(word);
  if (listed.length > 0) return listed;
  for (const [ending, sound] of ENDINGS) {
    if (word.length > ending.length && word.endsWith(ending)) {
      return pronounce(word.slice(0, -ending.length)).map((base) => extend(base, sound));
    }
  }
  const singular = word.endsWith('s') ? lookUp(word.slice(0, -1)) : [];
  if (singular.length > 0) return singular.map((base) => extend(base, sibilantEnding));
  const letters = word.replaceAll("'", '');
  const guess = /^[a-z]+$/.test(letters) ? soundOut(letters) : null;
  return guess === null ? [] : [guess];
}

/** Dictionary entries are `word`, `word(2)`, …: phones with stress digits, perhaps `# a remark`. */
function lookUp(word: string): Pronunciation[] {
  const found: Pronunciation[] = [];
  for (let variant = 1; ; variant++) {
    const key = variant === 1 ? word : `${word}(${variant})`;
    const entry = Object.hasOwn(dictionary, key) ? dictionary[key] : undefined;
    if (entry === undefined) return found;
    found.push(parseEntry(entry));
  }
}

function parseEntry(entry: string): Pronunciation {
  const symbols = entry.replace(/#.*/, '').trim().split(/\s+/);
  return {
    phones: symbols.map((symbol) => symbol.replace(/\d/, '')),
    stress: symbols.map((symbol) => {
      const digit = /\d/.exec(symbol)?.[0];
      if (digit === undefined) return null;
      return digit === '1' ? 1 : digit === '2' ? 2 : 0;
    }),
  };
}

/** Plural and possessive: IH Z after a sibilant, S after a voiceless consonant, else Z. */
function sibilantEnding(last: string): string[] {
  if (SIBILANTS.has(last)) return ['IH', 'Z'];
  return VOICELESS.has(last) ? ['S'] : ['Z'];
}

/** The vowels of endings are never stressed. */
function extend(base: Pronunciation, sound: (last: string) => string[]): Pronunciation {
  const added = sound(base.phones.at(-1) ?? '');
  return {
    phones: [...base.phones, ...added],
    stress: [...base.stress, ...added.map((phone) => (isVowel(phone) ? 0 : null))],
  };
}
