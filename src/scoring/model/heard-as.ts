/** What the acoustic model heard in place of a phone. */
import { evidencePhones, type AlignedPhone } from '../analyses.ts';
import { isVowel } from '../syllables.ts';
import { confusionsOf } from './confusions.ts';
import type { PhoneRow } from './phone-rows.ts';

/** Log posteriors below count as this much. */
const FLOOR = -12;

export type Heard = Pick<
  PhoneRow,
  'lpp' | 'confusion' | 'classPosterior' | 'entropy' | 'evidenceDurationS' | 'heard'
>;

/** All null without evidence. */
export function heardAs({ phone, evidence }: AlignedPhone): Heard {
  if (evidence === undefined) {
    return {
      lpp: null,
      confusion: null,
      classPosterior: null,
      entropy: null,
      evidenceDurationS: null,
      heard: null,
    };
  }
  const posteriors = evidence.logPosteriors;
  const of = (name: string): number =>
    Math.max(FLOOR, posteriors[evidencePhones.indexOf(name)] ?? FLOOR);
  const lpp = of(phone);
  const confusable = confusionsOf(phone).map(of);
  const isSameClass = (name: string) => name !== 'SIL' && isVowel(name) === isVowel(phone);
  const same = posteriors.filter((_, at) => isSameClass(evidencePhones[at] ?? 'SIL'));
  const likeliest = posteriors.indexOf(Math.max(...posteriors));
  return {
    lpp,
    confusion: confusable.length === 0 ? null : Math.max(...confusable) - lpp,
    classPosterior: Math.max(
      FLOOR,
      Math.log(same.reduce((sum, value) => sum + Math.exp(value), 1e-9)),
    ),
    entropy: -posteriors.reduce((sum, value) => sum + Math.exp(value) * value, 0),
    evidenceDurationS: evidence.endS - evidence.startS,
    // Posteriors are kept with two decimals: of equals the expected phone counts as heard.
    heard: lpp >= (posteriors[likeliest] ?? 0) ? phone : (evidencePhones[likeliest] ?? null),
  };
}
