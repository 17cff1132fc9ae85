/** What is known about each phone of the learner's recording before anything fitted is used. */
import type { AlignedPhone } from '../analyses.ts';
import type { Timing } from '../timing.ts';
import { isVowel } from '../syllables.ts';
import { heardAs } from './heard-as.ts';

export interface PhoneRow {
  word: number;
  phone: string;
  /** Vowel: phone + 1 (stressed) or 0; consonant: phone, with # at the end of a word. */
  key: string;
  vowel: boolean;
  /** Consonant after the word's last vowel. */
  coda: boolean;
  /** First phone of its word. */
  first: boolean;
  /** Nats per frame, ≤ 0. */
  goodness: number;
  /** Seconds, edges of the recording trimmed. */
  durationS: number;
  /** The same phone in the standard; null where the words were aligned with other variants. */
  standardDurationS: number | null;
  /** Log posterior of the expected phone, −12 to 0. Null without acoustic evidence, as all below. */
  lpp: number | null;
  /** Log posterior of the likeliest typical replacement less the expected phone's. */
  confusion: number | null;
  /** Log of the summed posteriors of all vowels (for a vowel) or consonants (for a consonant), ≤ 0. */
  classPosterior: number | null;
  /** Nats: how undecided the posteriors are. */
  entropy: number | null;
  /** Seconds, as realigned by the acoustic model. */
  evidenceDurationS: number | null;
  /** Likeliest phone of all. */
  heard: string | null;
}

/** One row per phone of the learner, in order. */
export function phoneRows(learner: Timing, standard: Timing): PhoneRow[] {
  return learner.words.flatMap((word, w) => {
    const partner = standard.words[w]?.phones ?? [];
    const matched =
      partner.map((phone) => phone.phone).join(' ') ===
      word.phones.map((phone) => phone.phone).join(' ');
    const lastVowel = word.phones.findLastIndex((phone) => isVowel(phone.phone));
    return word.phones.map((phone, i): PhoneRow => {
      const twin = matched ? partner[i] : undefined;
      return {
        word: w,
        phone: phone.phone,
        key: templateKey(phone, i === word.phones.length - 1),
        vowel: isVowel(phone.phone),
        coda: !isVowel(phone.phone) && i > lastVowel,
        first: i === 0,
        goodness: phone.goodness,
        durationS: phone.endS - phone.startS,
        standardDurationS: twin ? twin.endS - twin.startS : null,
        ...heardAs(phone),
      };
    });
  });
}

/** See `PhoneRow.key`. */
export function templateKey(phone: AlignedPhone, endsWord: boolean): string {
  if (phone.stress !== null) return phone.phone + (phone.stress > 0 ? '1' : '0');
  return endsWord ? `${phone.phone}#` : phone.phone;
}
