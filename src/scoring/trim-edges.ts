import { FRAME_S, type AlignedPhone, type AlignedWord } from './analyses.ts';
import { silenceLevel } from './silence-level.ts';

/** A trimmed phone keeps at least this many frames (50 ms): stops are mostly closure. */
const KEPT_FRAMES = 5;

/**
 * The aligner lets the first and last phone swallow the silence around the speech. Moves their
 * outer edges inward while the frame there is silent (30 dB below the 97th percentile); word and
 * syllable times follow. Goodness stays per frame of the untrimmed phone, as its templates were
 * fitted. Words without phones, and recordings without energy frames, are returned unchanged.
 */
export function trimEdges(
  words: readonly AlignedWord[],
  energyDb: readonly number[],
): AlignedWord[] {
  const level = silenceLevel(energyDb);
  if (level === null) return [...words];
  const silent = energyDb.map((db) => db < level.silenceDb);
  return words.map((word, index) => {
    let phones = word.phones;
    if (index === 0) phones = withFirst(phones, (phone) => trimStart(phone, silent));
    if (index === words.length - 1) phones = withLast(phones, (phone) => trimEnd(phone, silent));
    return phones === word.phones ? word : retimed(word, phones);
  });
}

function trimStart(phone: AlignedPhone, silent: readonly boolean[]): AlignedPhone {
  const first = Math.round(phone.startS / FRAME_S);
  const end = Math.round(phone.endS / FRAME_S);
  let start = first;
  while (end - start > KEPT_FRAMES && silent[start] === true) start += 1;
  return start === first ? phone : { ...phone, startS: start / 100 };
}

function trimEnd(phone: AlignedPhone, silent: readonly boolean[]): AlignedPhone {
  const start = Math.round(phone.startS / FRAME_S);
  const last = Math.round(phone.endS / FRAME_S);
  // The aligner may end a frame after the last whole energy frame.
  let end = Math.min(last, silent.length);
  while (end - start > KEPT_FRAMES && silent[end - 1] === true) end -= 1;
  return end - start < KEPT_FRAMES || end === last ? phone : { ...phone, endS: end / 100 };
}

function withFirst(
  phones: AlignedPhone[],
  change: (phone: AlignedPhone) => AlignedPhone,
): AlignedPhone[] {
  return phones.map((phone, index) => (index === 0 ? change(phone) : phone));
}

function withLast(
  phones: AlignedPhone[],
  change: (phone: AlignedPhone) => AlignedPhone,
): AlignedPhone[] {
  return phones.map((phone, index) => (index === phones.length - 1 ? change(phone) : phone));
}

function retimed(word: AlignedWord, phones: AlignedPhone[]): AlignedWord {
  return {
    ...word,
    phones,
    startS: phones[0]?.startS ?? word.startS,
    endS: phones.at(-1)?.endS ?? word.endS,
    syllables: word.syllables.map((syllable) => ({
      ...syllable,
      startS: phones[syllable.firstPhone]?.startS ?? syllable.startS,
      endS: phones[syllable.firstPhone + syllable.phoneCount - 1]?.endS ?? syllable.endS,
    })),
  };
}
