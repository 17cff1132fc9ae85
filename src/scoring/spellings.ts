/** The ways to write what is said as one word: contractions beside what they stand for. */
import { oneSpelling } from './one-spelling.ts';

/** Words joined without spaces, so that it does not matter how they were separated. */
const EXPANSIONS = new Map<string, string[]>(
  Object.entries({
    "ain't": ['amnot', 'isnot', 'arenot'],
    "can't": ['cannot'],
    "shan't": ['shallnot'],
    "won't": ['willnot'],
    "let's": ['letus'],
    "ma'am": ['madam'],
    "y'all": ['youall'],
    "'em": ['them'],
    "'til": ['until'],
    "'cause": ['because'],
    til: ['until'],
    cuz: ['because'],
    dunno: ['donotknow'],
    gimme: ['giveme'],
    gonna: ['goingto'],
    gotta: ['gotto', 'gota'],
    hafta: ['haveto'],
    kinda: ['kindof'],
    lemme: ['letme'],
    lotta: ['lotof'],
    outta: ['outof'],
    sorta: ['sortof'],
    wanna: ['wantto', 'wanta'],
    whatcha: ['whatareyou'],
  }),
);

const ENDINGS: [ending: string, words: string[]][] = [
  ["n't", ['not']],
  ["'m", ['am']],
  ["'re", ['are']],
  ["'ll", ['will', 'shall']],
  ["'ve", ['have']],
  ["'d", ['would', 'had', 'did']],
  ["'s", ['is', 'has']],
];

/** `one hundred five` and `one hundred and five` are the same number. */
const BEFORE_AND = new Set(['hundred', 'thousand', 'million']);

/** The word itself in one spelling, then what it is short for. At least one. */
export function spellingsOf(word: string): string[] {
  const listed = EXPANSIONS.get(word);
  if (listed !== undefined) return [word, ...listed];
  for (const [ending, words] of ENDINGS) {
    const base = word.slice(0, -ending.length);
    if (base !== '' && word.endsWith(ending)) return [word, ...words.map((end) => base + end)];
  }
  return [oneSpelling(word)];
}

/** Is the middle one of three words an `and` that a number may also do without? */
export function isSpareAnd(words: readonly string[]): boolean {
  return words.length === 3 && words[1] === 'and' && BEFORE_AND.has(words[0] ?? '');
}
