/** What good speech is like, phone by phone. */
import {
  rawMeasures,
  type MeasureTemplates,
  type Templates,
} from '../../src/scoring/model/measures.ts';
import { mean, present, spread } from '../../src/scoring/model/statistics.ts';
import type { FitRecording } from './read-recordings.ts';
import { significant } from './significant.ts';

/** Recordings and words with at least this mark are good speech. */
const GOOD_MARK = 9;
/** A phone's own template weighs as if this many phones of any kind were among it. */
const PRIOR_PHONES = 10;
const DIGITS = 6;

interface Sample {
  key: string;
  value: number;
}

/** Of the good words of the good recordings. */
export function fitTemplates(recordings: readonly FitRecording[]): Templates {
  const good = recordings.filter(({ marks }) => marks.accuracy >= GOOD_MARK);
  const durations = fitMeasure(samplesOf(good, undefined).get('ld') ?? []);
  const samples = samplesOf(good, durations);
  return Object.fromEntries([...samples].map(([measure, own]) => [measure, fitMeasure(own)]));
}

function samplesOf(
  recordings: readonly FitRecording[],
  durations: MeasureTemplates | undefined,
): Map<string, Sample[]> {
  const samples = new Map<string, Sample[]>();
  for (const { rows, wordMarks } of recordings) {
    for (const [measure, values] of rawMeasures(rows.phones, durations)) {
      const own = samples.get(measure) ?? [];
      samples.set(measure, own);
      for (const [at, { key, word }] of rows.phones.entries()) {
        if ((wordMarks[word] ?? 0) >= GOOD_MARK) own.push({ key, value: values[at] ?? NaN });
      }
    }
  }
  return samples;
}

function fitMeasure(samples: readonly Sample[]): MeasureTemplates {
  const values = samples.map(({ value }) => value);
  const [centre, sd] = [mean(values), spread(values)];
  const byKey = new Map<string, number[]>();
  for (const { key, value } of samples) {
    const own = byKey.get(key);
    if (own === undefined) byKey.set(key, [value]);
    else own.push(value);
  }
  const fitted = [...byKey.keys()].sort().map((key): [string, [number, number]] => {
    const own = present(byKey.get(key) ?? []);
    const weight = own.length + PRIOR_PHONES;
    const ownCentre = (sum(own) + PRIOR_PHONES * centre) / weight;
    const squares = sum(own.map((value) => (value - ownCentre) ** 2));
    const ownSd = Math.sqrt((squares + PRIOR_PHONES * sd ** 2) / weight);
    return [key, [significant(ownCentre, DIGITS), significant(ownSd, DIGITS)]];
  });
  return {
    fallback: [significant(centre, DIGITS), significant(sd, DIGITS)],
    byKey: Object.fromEntries(fitted),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
