/** What the word model reads: each word's phones against good speech, its timing, its surroundings. */
import { deviations, type Measures, type Templates } from './measures.ts';
import type { PhoneRow } from './phone-rows.ts';
import { known, least, mean, most, percentile, rms } from './statistics.ts';

export type Row = Readonly<Record<string, number | null>>;

/** What is known about one sentence before anything fitted is used. */
export interface SentenceRows {
  phones: readonly PhoneRow[];
  words: readonly Row[];
  utterance: Row;
}

/** By feature; NaN where missing. */
export type Features = Record<string, number>;

/** The utterance's mean weighs as much as this many phones of the word itself. */
const PRIOR_PHONES = 3;
const LONGEST_GAP_S = 0.6;
const MOST_PAUSES = 8;
const SHORTEST_S = 0.03;
const TIMING: ReadonlySet<string> = new Set(['ld', 'ldn']);

/** One record per word, in order. */
export function wordFeatures(rows: SentenceRows, templates: Templates): Features[] {
  const measures = deviations(rows.phones, templates);
  const result: Features[] = rows.words.map(() => ({}));
  for (const [measure, z] of measures) {
    if (!TIMING.has(measure)) addMeasure(result, rows, measure, z);
  }
  for (const [at, features] of result.entries()) {
    Object.assign(features, timingOf(rows, measures, at), evidenceOf(rows, measures, at));
  }
  return result;
}

function addMeasure(
  result: readonly Features[],
  { phones, words }: SentenceRows,
  measure: string,
  z: readonly number[],
): void {
  const pick = (keep: (phone: PhoneRow) => boolean): number[] =>
    z.map((value, at) => (phones[at] && keep(phones[at]) ? value : NaN));
  const own = words.map((_, word) => pick((phone) => phone.word === word));
  const means = own.map(mean);
  const overall = mean(z);
  for (const [word, features] of result.entries()) {
    const inWord = (keep: (phone: PhoneRow) => boolean): number =>
      mean(pick((phone) => phone.word === word && keep(phone)));
    const count = phones.filter((phone) => phone.word === word).length;
    const value = means[word] ?? NaN;
    features[measure] = value;
    features[`${measure}.min`] = least(own[word] ?? []);
    features[`${measure}.u`] = overall;
    features[`${measure}.v`] = inWord((phone) => phone.vowel);
    features[`${measure}.c`] = inWord((phone) => !phone.vowel);
    features[`${measure}.coda`] = inWord((phone) => phone.coda);
    features[`${measure}.first`] = inWord((phone) => phone.first);
    features[`${measure}.up10`] = percentile(z, 10);
    features[`${measure}.rel75`] = value - percentile(z, 75);
    features[`${measure}.nb`] = mean([means[word - 1] ?? NaN, means[word + 1] ?? NaN]);
    features[`${measure}.shr`] = (value * count + PRIOR_PHONES * overall) / (count + PRIOR_PHONES);
  }
}

function timingOf(
  { phones, words, utterance }: SentenceRows,
  measures: Measures,
  at: number,
): Features {
  const ld = measures.get('ld') ?? [];
  const inWord = (values: readonly number[]): number[] =>
    values.filter((_, i) => phones[i]?.word === at);
  const ldn = inWord(measures.get('ldn') ?? []);
  const ratios = words.map((word) => logRatio(word['durationS'], word['standardDurationS']));
  const phoneRatios = phones.map((phone) => logRatio(phone.durationS, phone.standardDurationS));
  const tempo = mean(phoneRatios);
  const word = words[at] ?? {};
  const ratio = ratios[at] ?? NaN;
  return {
    dur: mean(inWord(ld)),
    durabs: mean(ldn.map(Math.abs)),
    durmax: most(ldn),
    durmin: least(ldn),
    udur: mean(ld),
    udrms: rms(ld),
    rdur: ratio - mean(ratios),
    rdurraw: ratio,
    rphone: rms(inWord(phoneRatios).map((value) => value - tempo)),
    gapb: Math.min(LONGEST_GAP_S, word['gapBeforeS'] ?? 0),
    gapa: Math.min(LONGEST_GAP_S, word['gapAfterS'] ?? 0),
    strd: known(word['stressDuration']),
    stre: known(word['stressEnergy']),
    nph: known(word['phones']),
    nsyl: known(word['syllables']),
    fw: known(word['functionWord']),
    last: at === words.length - 1 ? 1 : 0,
    firstw: at === 0 ? 1 : 0,
    rate: known(utterance['overallRate']),
    pauses: Math.min(MOST_PAUSES, known(utterance['pauseCount'])),
  };
}

/** What the acoustic model's posteriors add. */
function evidenceOf({ phones }: SentenceRows, measures: Measures, at: number): Features {
  const own = phones.filter((phone) => phone.word === at);
  const lpp = (measures.get('lpp') ?? []).map((z, i) =>
    phones[i]?.word === at && phones[i].coda ? z : NaN,
  );
  const weight = own.reduce((sum, phone) => sum + phone.durationS, 0);
  return {
    wrong: mean(own.map((phone) => (phone.heard === phone.phone ? 0 : 1))),
    'conf.max': most(own.map((phone) => known(phone.confusion))),
    ent: mean(own.map((phone) => known(phone.entropy))),
    vc: least(own.map((phone) => known(phone.classPosterior))),
    codamin: least(lpp),
    lenlpp: own.reduce((sum, phone) => sum + known(phone.lpp) * phone.durationS, 0) / weight,
    edev: rms(own.map((phone) => logRatio(phone.evidenceDurationS, phone.durationS))),
  };
}

/** NaN where one is missing; lengths are floored at 30 ms. */
export function logRatio(a: number | null | undefined, b: number | null | undefined): number {
  return Math.log(Math.max(SHORTEST_S, known(a)) / Math.max(SHORTEST_S, known(b)));
}
