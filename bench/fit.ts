/** `npm run fit`: makes the templates, the word model and the score models of src/scoring/model. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { eachRecording } from './each-recording.ts';
import { crossValidate, FOLDS, REPEATS } from './fit/cross-validate.ts';
import { fitModels } from './fit/fit-models.ts';
import { pythonEnvironment } from './fit/python-environment.ts';
import { createReader, type FitRecording } from './fit/read-recordings.ts';
import { openTreeFitter, type TreeFitter } from './fit/tree-fitter.ts';
import { writeModels } from './fit/write-models.ts';
import { progressBar } from './progress-bar.ts';
import { RatingTableError, readRatingTable, type RatedRecording } from './rating-table.ts';

const usage = `Usage: npm run fit -- --data FILE.tsv [--standards DIR] [--cache DIR] [--out DIR] [--data-version TEXT]

FILE.tsv and its standards are as for bench:accuracy, and words.tsv must lie beside it. Analyses are
kept in the cache (default: .cache/accuracy), the models are written to src/scoring/model (--out).
Needs python3 (3.11 or later); what it needs beyond is installed below .cache.`;

const CORPUS = 'speechocean762 (Zhang et al., 2021, arXiv 2104.01378; OpenSLR 101), CC BY 4.0';

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

try {
  const options = parseOptions();
  const table = readRatingTable(options.data, options.standards);
  const recordings = await readAll(table, options.cache);
  if (recordings.length === 0) throw new RatingTableError('No recording can be fitted to.');
  const fitter = await openTreeFitter(await pythonEnvironment());
  try {
    await fitAll(recordings, fitter, options);
  } finally {
    await fitter.close();
  }
} catch (error) {
  if (!(error instanceof RatingTableError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function readAll(table: RatedRecording[], cache: string): Promise<FitRecording[]> {
  const found = await eachRecording(table, cache, createReader);
  for (const [at, recording] of found.entries()) {
    if (typeof recording === 'string') console.error(`${table[at]?.utt ?? ''}: ${recording}`);
  }
  return found.filter((recording) => typeof recording !== 'string');
}

async function fitAll(
  recordings: FitRecording[],
  fitter: TreeFitter,
  { data, out, dataVersion }: ReturnType<typeof parseOptions>,
): Promise<void> {
  const models = await fitModels(recordings, fitter, 0);
  const bar = progressBar(REPEATS * FOLDS);
  const crossValidation = await crossValidate(recordings, fitter, () => bar.step());
  bar.end();
  const source = {
    corpus: CORPUS,
    dataVersion: dataVersion ?? (await digestOf(data)),
    recordings: recordings.length,
    speakers: new Set(recordings.map(({ speaker }) => speaker)).size,
    date: new Date().toISOString().slice(0, 10),
    command: `npm run fit -- --data ${basename(data)}`,
    ...fitter.versions,
  };
  const version = await writeModels(out, models, source, crossValidation);
  const disagreement = fitter.disagreement();
  console.log(JSON.stringify({ version, source, crossValidation, disagreement }, null, 2));
}

/** Names the table where the caller gives it no name. */
async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  return `SHA-256 of the table ${digest.slice(0, 16)}`;
}

function parseOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        data: { type: 'string' },
        standards: { type: 'string' },
        cache: { type: 'string', default: pathOf('../.cache/accuracy') },
        out: { type: 'string', default: pathOf('../src/scoring/model') },
        'data-version': { type: 'string' },
      },
    }));
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new RatingTableError(`${what}\n\n${usage}`, { cause });
  }
  const { data, standards, cache, out } = values;
  if (data === undefined) throw new RatingTableError(usage);
  return { data, standards, cache, out, dataVersion: values['data-version'] ?? null };
}
