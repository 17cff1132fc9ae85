import type { AlignedPhone, AlignedWord } from './analyses.ts';
import templates from './phone-templates.json' with { type: 'json' };

interface Template {
  mean: number;
  sd: number;
}

const FURTHEST_Z = 6;
const SHORTEST_S = 0.03;

const goodnessOf: Partial<Record<string, Template>> = templates.goodness.byKey;
const logDurationOf: Partial<Record<string, Template>> = templates.logDuration.byKey;

/** How far a phone is from good learners' speech, in standard deviations, −6 to 6; 0 is average. */
export interface PhoneDeviation {
  /** Goodness of pronunciation; below 0 is worse than average. */
  goodness: number;
  /** Log duration; above 0 is longer than average. */
  duration: number;
}

/**
 * Compares each phone of a word with templates of the same phone (stressed or unstressed vowel,
 * consonant at the end of a word or elsewhere) from good speech. Source: speechocean762's training
 * split; phones without a template are compared with all phones.
 */
export function phoneDeviations(word: AlignedWord): PhoneDeviation[] {
  return word.phones.map((phone, index) => {
    const key = templateKey(phone, index === word.phones.length - 1);
    const duration = Math.log(Math.max(SHORTEST_S, phone.endS - phone.startS));
    return {
      goodness: z(phone.goodness, goodnessOf[key] ?? templates.goodness.fallback),
      duration: z(duration, logDurationOf[key] ?? templates.logDuration.fallback),
    };
  });
}

function templateKey(phone: AlignedPhone, endsWord: boolean): string {
  if (phone.stress !== null) return phone.phone + (phone.stress > 0 ? '1' : '0');
  return endsWord ? `${phone.phone}#` : phone.phone;
}

function z(value: number, template: Template): number {
  const deviation = (value - template.mean) / template.sd;
  return Math.min(FURTHEST_Z, Math.max(-FURTHEST_Z, deviation));
}
