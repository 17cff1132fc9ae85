/** Words that English speakers reduce: articles, prepositions, pronouns, auxiliaries, conjunctions. */
const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  [
    'a an the this that these those of to in on at by for from with as into about over up out off',
    'i you he she it we they me him her us them my your his its our their',
    "am is are was were be been do does did have has had will would can could should may might i'm",
    "it's he's she's that's i'll we'll don't and or but if so than because not no what who when",
    'where how which there here then',
  ]
    .join(' ')
    .split(' '),
);

/** `word` is lower case. */
export function isFunctionWord(word: string): boolean {
  return FUNCTION_WORDS.has(word);
}
