/** What the score models read: the sentence's phones against good speech, its timing, its words. */
import { deviations, type Measures, type Templates } from './measures.ts';
import type { PhoneRow } from './phone-rows.ts';
import { known, least, logistic, mean, most, percentile, rms, spread } from './statistics.ts';
import { logRatio, type Features, type SentenceRows } from './word-features.ts';

const PRIOR_PHONES = 6;
const MOST_PAUSES = 8;
const USUAL_RATE = -0.7;
const USUAL_PAUSES = 1;
const PERCENTILES = [10, 25, 50, 75];
const TIMING: ReadonlySet<string> = new Set(['ld', 'ldn']);

/** `wordScores`: what the word model says of each word, 0–10, in order. */
export function utteranceFeatures(
  rows: SentenceRows,
  templates: Templates,
  wordScores: readonly number[],
): Features {
  const measures = deviations(rows.phones, templates);
  const features: Features = {};
  for (const [name, value] of Object.entries(rows.utterance)) features[name] = known(value);
  features['pauseCount'] = Math.min(MOST_PAUSES, known(rows.utterance['pauseCount']));
  for (const [measure, z] of measures) {
    if (!TIMING.has(measure)) addMeasure(features, rows, measure, z);
  }
  Object.assign(features, squaresOf(features), evidenceOf(rows.phones));
  return Object.assign(features, durationsOf(rows, measures), wordsOf(rows, wordScores));
}

function addMeasure(
  features: Features,
  { phones, words }: SentenceRows,
  measure: string,
  z: readonly number[],
): void {
  const meanOf = (keep: (phone: PhoneRow) => boolean): number =>
    mean(z.filter((_, at) => phones[at] && keep(phones[at])));
  const byWord = words.map((_, word) => z.filter((_, at) => phones[at]?.word === word));
  const wordMeans = byWord.map(mean);
  const add = (name: string, value: number): void => {
    features[name === '' ? measure : `${measure}.${name}`] = value;
  };
  add('', mean(z));
  for (const percent of PERCENTILES) add(`p${percent}`, percentile(z, percent));
  add('wmin', least(wordMeans));
  add('wp25', percentile(wordMeans, 25));
  add('wmm', mean(byWord.map(least)));
  add('soft', mean(z.map((value) => logistic(-2 * (value + 1.5)))));
  add(
    'v',
    meanOf((phone) => phone.vowel),
  );
  add(
    'c',
    meanOf((phone) => !phone.vowel),
  );
  add(
    'coda',
    meanOf((phone) => phone.coda),
  );
  add('shr', (mean(z) * phones.length) / (phones.length + PRIOR_PHONES));
}

/** Both ends cost fluency, such as too fast and too slow: squared distances from the usual. */
function squaresOf(features: Features): Features {
  const rate = (features['overallRate'] ?? NaN) - USUAL_RATE;
  const pauses = Math.min(MOST_PAUSES, features['softPauses'] ?? NaN) - USUAL_PAUSES;
  return { rateSquare: rate * rate, pauseSquare: pauses * pauses };
}

/** What the acoustic models say of the phones, whatever good speech is like. */
function evidenceOf(phones: readonly PhoneRow[]): Features {
  const of = (measure: (phone: PhoneRow) => number): number => mean(phones.map(measure));
  const wrong = (phone: PhoneRow): number => (phone.heard === phone.phone ? 0 : 1);
  return {
    gop: of((phone) => phone.goodness),
    wrong: of(wrong),
    ent: of((phone) => known(phone.entropy)),
  };
}

function durationsOf({ phones }: SentenceRows, measures: Measures): Features {
  const ld = measures.get('ld') ?? [];
  const ldn = measures.get('ldn') ?? [];
  const ratios = phones.map((phone) => logRatio(phone.durationS, phone.standardDurationS));
  const tempo = mean(ratios);
  return {
    dsd: rms(ldn),
    dab: mean(ldn.map(Math.abs)),
    dmax: most(ldn),
    dhi: mean(ldn.map((z) => logistic(3 * (z - 2)))),
    dlo: mean(ldn.map((z) => logistic(-3 * (z + 1.5)))),
    drms: rms(ld),
    dpmax: most(ld),
    dpos: mean(ld.map((z) => Math.max(0, z) ** 2)),
    Ep: rms(ratios.map((ratio) => ratio - tempo)),
  };
}

function wordsOf({ words }: SentenceRows, scores: readonly number[]): Features {
  const sorted = scores.toSorted((a, b) => a - b);
  const sizes = words.map((word) => known(word['phones']));
  const size = sizes.reduce((sum, phones) => sum + phones, 0);
  return {
    wmean: mean(scores),
    wmin: least(scores),
    w2: sorted[Math.min(1, sorted.length - 1)] ?? NaN,
    wp25: percentile(scores, 25),
    wlo: mean(scores.map((score) => logistic(-2 * (score - 8)))),
    wsd: spread(scores),
    wwmean: scores.reduce((sum, score, at) => sum + score * (sizes[at] ?? NaN), 0) / size,
  };
}
