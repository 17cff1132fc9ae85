/** English sounds as learners know them: the sign of dictionaries, and a word that has the sound. */

export interface Sound {
  /** International Phonetic Alphabet, American English as learners' dictionaries write it. */
  ipa: string;
  /** A word, in three pieces: the one in the middle has the sound. */
  example: readonly [before: string, letters: string, after: string];
}

/** By ARPAbet, as results name them. */
const sounds = {
  AA: { ipa: 'ɑ', example: ['h', 'o', 't'] },
  AE: { ipa: 'æ', example: ['c', 'a', 't'] },
  AH: { ipa: 'ʌ', example: ['c', 'u', 'p'] },
  AO: { ipa: 'ɔ', example: ['s', 'aw', ''] },
  AW: { ipa: 'aʊ', example: ['n', 'ow', ''] },
  AY: { ipa: 'aɪ', example: ['m', 'y', ''] },
  B: { ipa: 'b', example: ['', 'b', 'ed'] },
  CH: { ipa: 'tʃ', example: ['', 'ch', 'air'] },
  D: { ipa: 'd', example: ['', 'd', 'ay'] },
  DH: { ipa: 'ð', example: ['', 'th', 'is'] },
  EH: { ipa: 'e', example: ['r', 'e', 'd'] },
  ER: { ipa: 'ɝ', example: ['b', 'ir', 'd'] },
  EY: { ipa: 'eɪ', example: ['d', 'ay', ''] },
  F: { ipa: 'f', example: ['', 'f', 'our'] },
  G: { ipa: 'ɡ', example: ['', 'g', 'o'] },
  HH: { ipa: 'h', example: ['', 'h', 'ome'] },
  IH: { ipa: 'ɪ', example: ['s', 'i', 't'] },
  IY: { ipa: 'iː', example: ['s', 'ee', ''] },
  JH: { ipa: 'dʒ', example: ['', 'j', 'ob'] },
  K: { ipa: 'k', example: ['', 'k', 'ey'] },
  L: { ipa: 'l', example: ['', 'l', 'ook'] },
  M: { ipa: 'm', example: ['', 'm', 'e'] },
  N: { ipa: 'n', example: ['', 'n', 'o'] },
  NG: { ipa: 'ŋ', example: ['si', 'ng', ''] },
  OW: { ipa: 'oʊ', example: ['g', 'o', ''] },
  OY: { ipa: 'ɔɪ', example: ['b', 'oy', ''] },
  P: { ipa: 'p', example: ['', 'p', 'en'] },
  R: { ipa: 'r', example: ['', 'r', 'ed'] },
  S: { ipa: 's', example: ['', 's', 'un'] },
  SH: { ipa: 'ʃ', example: ['', 'sh', 'e'] },
  T: { ipa: 't', example: ['', 't', 'ime'] },
  TH: { ipa: 'θ', example: ['', 'th', 'ink'] },
  UH: { ipa: 'ʊ', example: ['b', 'oo', 'k'] },
  UW: { ipa: 'uː', example: ['t', 'oo', ''] },
  V: { ipa: 'v', example: ['', 'v', 'ery'] },
  W: { ipa: 'w', example: ['', 'w', 'e'] },
  Y: { ipa: 'j', example: ['', 'y', 'es'] },
  Z: { ipa: 'z', example: ['', 'z', 'oo'] },
  ZH: { ipa: 'ʒ', example: ['vi', 's', 'ion'] },
} as const satisfies Record<string, Sound>;

export type Phone = keyof typeof sounds;

/** A vowel without stress, as in the first of `about`. */
const SCHWA: Sound = { ipa: 'ə', example: ['', 'a', 'bout'] };

export function isPhone(phone: string): phone is Phone {
  return Object.hasOwn(sounds, phone);
}

/** `stress`: of a vowel; an `AH` without stress is a sound of its own. */
export function soundOf(phone: Phone, stress: 0 | 1 | 2 | null): Sound {
  return phone === 'AH' && stress === 0 ? SCHWA : sounds[phone];
}

export const phones = Object.keys(sounds) as Phone[];
