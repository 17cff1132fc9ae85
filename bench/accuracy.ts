/** `npm run bench:accuracy`: how well the scores agree with experts' marks. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { accuracyReport, reportText } from './accuracy-report.ts';
import { eachRecording } from './each-recording.ts';
import { createRater } from './rate-recording.ts';
import { RatingTableError, readRatingTable } from './rating-table.ts';
import { scatterPlot } from './scatter-plot.ts';

const usage = `Usage: npm run bench:accuracy -- --data FILE.tsv [--standards DIR] [--limit N] [--cache DIR] [--scatter FILE.svg] [--json]

FILE.tsv has the columns utt, speaker, text, wav, accuracy, fluency, prosodic, total; wav is relative
to it. Standards are DIR/<utt>.wav (default: "standard" beside the file); word marks are read from
words.tsv beside it. --scatter draws scores against marks. Analyses are kept in DIR (default: .cache/accuracy), so that a run that was
stopped goes on where it was.`;

const defaultCache = fileURLToPath(new URL('../.cache/accuracy', import.meta.url));

try {
  const options = parseOptions();
  const table = readRatingTable(options.data, options.standards);
  const rated = await eachRecording(table.slice(0, options.limit), options.cache, createRater);
  const report = accuracyReport(rated);
  if (options.scatter !== undefined) {
    const title = `${report.n} recordings of ${report.speakers} speakers: score against experts' mark`;
    writeFileSync(options.scatter, scatterPlot(rated, title));
  }
  console.log(options.json ? JSON.stringify(report) : reportText(report));
} catch (error) {
  if (!(error instanceof RatingTableError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

function parseOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        data: { type: 'string' },
        standards: { type: 'string' },
        limit: { type: 'string' },
        scatter: { type: 'string' },
        cache: { type: 'string', default: join(defaultCache) },
        json: { type: 'boolean', default: false },
      },
    }));
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new RatingTableError(`${what}\n\n${usage}`, { cause });
  }
  const { data, standards, cache, scatter, json } = values;
  if (data === undefined) throw new RatingTableError(usage);
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new RatingTableError(
      `--limit is "${values.limit ?? ''}", expected a whole number above 0.`,
    );
  }
  return { data, standards, limit, cache, scatter, json };
}
