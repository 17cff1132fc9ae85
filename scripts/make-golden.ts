/**
 * Writes test/fixtures/scoring/golden.json: the figures of all 30 lesson recordings, from the
 * committed analyses. With --analyse it makes those analyses first, from the recordings themselves.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { openAnalysisEngines } from '../src/adapters/analysis-engines.ts';
import { analysePair } from '../src/commands/analyse-pair.ts';
import { GOLDEN_FILE, goldenOf, LESSON_ANALYSES_FILE } from '../test/support/golden.ts';
import { lessonPairs } from '../test/support/recordings.ts';

const THREADS = 2;
const MAX_SECONDS = 60;
const SOURCE =
  'Analyses of the 30 lesson lines of examples/lessons (speechocean762, CC BY 4.0; standards Flite 2.2), rounded. Made by: npm run golden -- --analyse';

if (process.argv.includes('--analyse')) await writeAnalyses();
const golden = goldenOf();
const lines = golden.recordings.map((recording) => JSON.stringify(recording));
const { formulaVersion, modelVersion } = golden;
const head = JSON.stringify({ formulaVersion, modelVersion }).slice(0, -1);
writeFileSync(GOLDEN_FILE, `${head},\n"recordings":[\n${lines.join(',\n')}\n]}\n`);

async function writeAnalyses(): Promise<void> {
  const engines = await openAnalysisEngines({ threads: THREADS, maxSeconds: MAX_SECONDS });
  try {
    const { signal } = new AbortController();
    const pairs = await Promise.all(
      lessonPairs().map(({ sentence, learner, standard }) => {
        const files = { learner: readFileSync(learner), standard: readFileSync(standard) };
        return analysePair(engines, { sentence, ...files }, signal);
      }),
    );
    const rows = pairs.map((pair) => JSON.stringify(pair, rounded));
    const text = `{"source":${JSON.stringify(SOURCE)},\n"recordings":[\n${rows.join(',\n')}\n]}\n`;
    writeFileSync(LESSON_ANALYSES_FILE, text);
  } finally {
    await engines.close();
  }
}

/** Keeps the file small: hertz and decibels to a tenth, whatever is below 10 to a ten-thousandth. */
function rounded(_: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  return Number(value.toFixed(Math.abs(value) < 10 ? 4 : 1));
}
