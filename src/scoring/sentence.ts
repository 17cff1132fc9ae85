/** The sentence as the aligner reads it: lower-case words of letters and apostrophes. */
import { SentenceError } from './sentence-error.ts';
import { spellNumbers } from './spoken-numbers.ts';

export const MAX_SENTENCE_CHARACTERS = 1_000;
export const MAX_SENTENCE_WORDS = 120;

/** Latin letters that Unicode does not decompose into a base letter and a mark. */
const LETTERS: Record<string, string> = {
  ß: 'ss',
  ẞ: 'SS',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'th',
  Ð: 'Th',
  þ: 'th',
  Þ: 'Th',
  ı: 'i',
};

/** The recogniser may write either form: one spelling, so that both count as the same word. */
const ABBREVIATIONS = new Map([
  ['mr', 'mister'],
  ['mrs', 'missus'],
  ['dr', 'doctor'],
  ['prof', 'professor'],
  ['jr', 'junior'],
  ['sr', 'senior'],
  ['vs', 'versus'],
  ['etc', 'et cetera'],
]);

/** Written in capitals, but not read letter by letter. */
const CAPITALISED = new Set([...ABBREVIATIONS.keys(), 'ms', 'st', 'hm', 'hmm', 'mm', 'sh', 'shh']);

/** Words that begin with an apostrophe; on any other word it is a quotation mark. */
const CLIPPED = new Set(["'em", "'til", "'tis", "'twas", "'cause", "'bout"]);

function invalid(message: string): SentenceError {
  return new SentenceError('invalid', message);
}

/** Typographic characters, accents and ligatures become ASCII. */
function foldCharacters(text: string): string {
  return text
    .replace(/\p{Cf}/gu, '')
    .replace(/[‘’‛ʼʹ′＇`´]/g, "'")
    .replace(/(\d)(?=[¼-¾⅐-⅞])/g, '$1 and ')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\p{Pd}−]/gu, '-')
    .replace(/[ßẞæÆœŒøØłŁđĐðÐþÞı]/g, (letter) => LETTERS[letter] ?? letter);
}

function requireEnglish(folded: string): void {
  const foreign = /\uFFFD|(?![A-Za-z])\p{L}|(?!\d)\p{N}/u.exec(folded)?.[0];
  if (foreign === '\uFFFD') {
    throw invalid('The sentence is not UTF-8 text. Save it as UTF-8.');
  }
  if (foreign !== undefined) {
    throw invalid(`The sentence holds "${foreign}", which is not an English letter. Remove it.`);
  }
}

/** `U.S.A.` is read letter by letter; so is `BBC`, unless the whole sentence is in capitals. */
function spellInitials(text: string): string {
  const dotted = text
    .replace(/\be\.\s?g\./gi, ' for example ')
    .replace(/\bi\.\s?e\./gi, ' that is ')
    .replace(
      /(?<![A-Za-z.'])(?:[A-Za-z]\.){2,}[A-Za-z]?(?![A-Za-z'])/g,
      (letters) => ` ${letters.replaceAll('.', ' ')} `,
    );
  if (!/[a-z]/.test(dotted)) return dotted;
  return dotted.replace(/\b[B-DF-HJ-NP-TV-XZ]{2,5}\b/g, (word) =>
    CAPITALISED.has(word.toLowerCase()) ? word : Array.from(word).join(' '),
  );
}

function spellSymbols(text: string): string {
  return text
    .replace(/°\s?C\b/g, ' degrees celsius ')
    .replace(/°\s?F\b/g, ' degrees fahrenheit ')
    .replaceAll('°', ' degrees ')
    .replaceAll('%', ' percent ')
    .replaceAll('&', ' and ')
    .replaceAll('@', ' at ')
    .replaceAll('+', ' plus ')
    .replaceAll('=', ' equals ');
}

/** Apostrophes stay inside words (`don't`) and on a few clipped ones (`'em`). */
function trimQuotes(token: string): string {
  const core = token.replace(/^'+|'+$/g, '');
  return CLIPPED.has(`'${core}`) && token === `'${core}` ? token : core;
}

/**
 * The words a reader of `text` says: lower case, only `a`–`z` and apostrophes, numbers and symbols
 * spelled out, hyphens split, accents folded, letters of other scripts dropped. Idempotent on its
 * own output; empty where there is no English word. Throws nothing.
 */
export function spokenWords(text: string): string[] {
  return spellSymbols(spellNumbers(spellInitials(foldCharacters(text))))
    .toLowerCase()
    .replace(/[^a-z']+|'{2,}/g, ' ')
    .split(' ')
    .map(trimQuotes)
    .flatMap((word) => (ABBREVIATIONS.get(word) ?? word).split(' '))
    .filter((word) => word !== '');
}

/**
 * The words of a lesson sentence as `spokenWords` reads them, 1 to `MAX_SENTENCE_WORDS` of them.
 * @throws SentenceError `invalid` when the text is too long, empty, or not English text.
 */
export function normaliseSentence(text: string): string[] {
  if (text.length > MAX_SENTENCE_CHARACTERS) {
    throw invalid(
      `The sentence has ${text.length} characters, more than ${MAX_SENTENCE_CHARACTERS}. Split the lesson line.`,
    );
  }
  requireEnglish(foldCharacters(text));
  const words = spokenWords(text);
  if (words.length === 0) {
    throw invalid('The sentence holds no English words. Write what the learner should say.');
  }
  if (words.length > MAX_SENTENCE_WORDS) {
    throw invalid(
      `The sentence has ${words.length} words, more than ${MAX_SENTENCE_WORDS}. Split the lesson line.`,
    );
  }
  return words;
}
