/** `npm run fit:off-script`: what tells another sentence from a poorly spoken one. */
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createAlignPhones } from '../src/activities/align-phones.ts';
import type { Alignment } from '../src/scoring/analyses.ts';
import { MODEL_VERSION } from '../src/scoring/model/judge-sentence.ts';
import { scriptFeatures, type ScriptFeatures } from '../src/scoring/model/script-fit.ts';
import { eachRecording } from './each-recording.ts';
import { fitLogistic, type Logistic } from './fit/logistic-regression.ts';
import { significant } from './fit/significant.ts';
import { speakerFolds } from './fit/speaker-folds.ts';
import { activityDependencies, recordingRef } from './rate-recording.ts';
import { readRatingTable, type RatedRecording } from './rating-table.ts';
import { areaUnderCurve } from './receiver-operating.ts';

const usage = `Usage: npm run fit:off-script -- --data FILE.tsv [--cache DIR] [--out FILE.json]

FILE.tsv is as for npm run fit. Every recording is laid over its own sentence, and every fifth over
another one of like length too.`;

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const NAMES = [
  'goodness',
  'posterior',
  'share',
  'goodness90',
  'posterior90',
  'wrong',
  'entropy',
  'gaps',
  'phoneRate',
] as const satisfies readonly (keyof ScriptFeatures)[];
const EVERY = 5;
const FIRST = 2;
const FOLDS = 5;
const REPEATS = 6;
/** Of the genuine recordings at most this share may be refused, cross-validated: well below the 1 % that may go unscored. */
const MOST_REFUSED = 0.006;
const SHARES = [0.003, 0.004, 0.005, 0.01, 0.02, 0.05];
const DIGITS = 6;

interface Trial {
  recording: RatedRecording;
  sentence: string;
  isOther: boolean;
}

interface Row {
  speaker: string;
  isOther: boolean;
  values: number[];
}

const { data, cache, out } = parseOptions();
const table = readRatingTable(data);
const rows = await readRows(trialsOf(table));
const labels = rows.map(({ isOther }) => (isOther ? 1 : 0));
const model = fitLogistic(
  rows.map(({ values }) => values),
  labels,
);
const unseen = crossValidate();
const limit = significant(limitFor(MOST_REFUSED), 3);
const result = {
  modelVersion: MODEL_VERSION,
  limit,
  base: significant(model.base, DIGITS),
  inputs: NAMES.map((name, at) => ({ name, weight: significant(model.weights[at] ?? 0, DIGITS) })),
  source: {
    recordings: labels.filter((label) => label === 0).length,
    otherSentences: labels.filter((label) => label === 1).length,
    date: new Date().toISOString().slice(0, 10),
    command: `npm run fit:off-script -- --data ${basename(data)}`,
  },
  crossValidation: {
    areaUnderCurve: rounded(areaUnderCurve(oddsOf(1), oddsOf(0)) ?? NaN),
    atLimit: { refused: rounded(shareFrom(0, limit)), caught: rounded(shareFrom(1, limit)) },
    curve: SHARES.map((refused) => ({ refused, caught: rounded(shareFrom(1, limitFor(refused))) })),
  },
};
const lines = Object.entries(result).map(([key, own]) => `"${key}": ${JSON.stringify(own)}`);
await writeFile(out, `{\n${lines.join(',\n')}\n}\n`);
console.log(JSON.stringify(result, null, 2));

function trialsOf(recordings: readonly RatedRecording[]): Trial[] {
  const own = recordings.map((recording) => ({
    recording,
    sentence: recording.text,
    isOther: false,
  }));
  const others = recordings.flatMap((recording, at) =>
    at % EVERY === FIRST
      ? [{ recording, sentence: otherSentence(recordings, at), isOther: true }]
      : [],
  );
  return [...own, ...others];
}

/** Of another speaker, from half the table away; of like length, so that length gives nothing away. */
function otherSentence(recordings: readonly RatedRecording[], index: number): string {
  const own = recordings[index];
  const length = letters(own?.text ?? '');
  const words = new Set(wordsOf(own?.text ?? ''));
  let best = { cost: Infinity, text: '' };
  for (let step = 1; step < recordings.length; step += 1) {
    const other = recordings[(index + (recordings.length >> 1) + step) % recordings.length];
    if (!other || other.speaker === own?.speaker || other.text === own?.text) continue;
    const shared = wordsOf(other.text).filter((word) => words.has(word)).length / words.size;
    const distance = Math.abs(Math.log(letters(other.text) / length));
    const cost = 4 * distance + 3 * shared + step / 600;
    if (cost < best.cost) best = { cost, text: other.text };
  }
  return best.text;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(' ');
}

function letters(text: string): number {
  return text.replace(/[^A-Za-z]/g, '').length;
}

async function readRows(trials: readonly Trial[]): Promise<Row[]> {
  const found = await eachRecording(trials, cache, (threads, analyses) => {
    const alignPhones = createAlignPhones(activityDependencies(threads, analyses));
    return async ({ recording, sentence, isOther }, signal): Promise<Row | null> => {
      const ref = await recordingRef('learner', recording.wav);
      const { analysis } = await alignPhones({ recording: ref, sentence }, signal);
      const alignment = (await analyses.get(analysis.key)) as Alignment;
      const features = alignment.kind === 'aligned' ? scriptFeatures(alignment) : null;
      if (features === null) return null;
      return { speaker: recording.speaker, isOther, values: valuesOf(features) };
    };
  });
  return found.filter((row) => row !== null);
}

function valuesOf(features: ScriptFeatures): number[] {
  return NAMES.map((name) => features[name]);
}

/** Log odds of each row by models that have not seen its speaker, averaged over the repeats. */
function crossValidate(): number[] {
  const sums = rows.map(() => 0);
  const speakers = rows.map(({ speaker }) => speaker);
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const folds = speakerFolds(speakers, FOLDS, 1 + repeat);
    for (let fold = 0; fold < FOLDS; fold += 1) {
      const others = [...rows.keys()].filter((at) => folds[at] !== fold);
      const fitted = fitLogistic(
        others.map((at) => rows[at]?.values ?? []),
        others.map((at) => labels[at] ?? 0),
      );
      for (const [at, { values }] of rows.entries()) {
        if (folds[at] === fold) sums[at] = (sums[at] ?? 0) + oddsBy(fitted, values) / REPEATS;
      }
    }
  }
  return sums;
}

function oddsBy({ base, weights }: Logistic, values: readonly number[]): number {
  return values.reduce((sum, value, at) => sum + value * (weights[at] ?? 0), base);
}

function oddsOf(label: 0 | 1): number[] {
  return unseen.filter((_, at) => labels[at] === label);
}

function shareFrom(label: 0 | 1, from: number): number {
  const odds = oddsOf(label);
  return odds.filter((value) => value >= from).length / odds.length;
}

/** Just above the odds of the first genuine recording that must not be refused. */
function limitFor(refused: number): number {
  const sorted = oddsOf(0).sort((a, b) => b - a);
  return (sorted[Math.floor(refused * sorted.length)] ?? 0) + 0.005;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function parseOptions() {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      cache: { type: 'string', default: pathOf('../.cache/accuracy') },
      out: { type: 'string', default: pathOf('../src/scoring/model/off-script.json') },
    },
  });
  if (values.data === undefined) {
    console.error(usage);
    process.exit(2);
  }
  return { ...values, data: values.data };
}
