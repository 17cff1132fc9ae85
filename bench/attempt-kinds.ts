/** How many genuine recordings are refused, and how many damaged ones are caught. */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openAnalysisEngines } from '../src/adapters/analysis-engines.ts';
import { ATTEMPT_LIMITS } from '../src/scoring/attempt.ts';
import { FORMULA_VERSION } from '../src/scoring/score.ts';
import { offScriptCurve, reportAttempts, toTable } from './attempt-report.ts';
import { measureAttempts } from './measure-attempts.ts';
import { readSpeechTable, SpeechTableError, spread } from './speech-table.ts';

const usage = `Usage: npm run bench:attempts -- --data TABLE.tsv [--genuine N] [--degraded N]
  [--threads N] [--cache FILE] [--json]

TABLE.tsv has the columns utt, speaker, text and wav (relative to its folder). N recordings are
judged as they are (300), N of them again under each kind of damage (50). --cache keeps what was
measured, so that a stopped run goes on and new limits need no new measurement.`;

interface Options {
  data: string;
  genuine: number;
  degraded: number;
  threads: number;
  cache: string | null;
  json: boolean;
}

try {
  await run(parseOptions());
} catch (error) {
  if (!(error instanceof SpeechTableError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function run(options: Options): Promise<void> {
  const rows = readSpeechTable(options.data);
  const engines = await openAnalysisEngines({ threads: options.threads, maxSeconds: 60 });
  try {
    const measured = await measureAttempts(engines, {
      genuine: spread(rows, options.genuine),
      degraded: spread(rows, options.degraded),
      cache: options.cache,
      onProgress: (done, of) => {
        if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} `);
      },
    });
    const conditions = reportAttempts(measured);
    const { pitchVersion: pitch, alignerVersion: aligner } = engines;
    const result = {
      limits: ATTEMPT_LIMITS,
      conditions,
      offScriptCurve: offScriptCurve(measured),
      machine: cpus()[0]?.model ?? 'unknown',
      date: new Date().toISOString().slice(0, 10),
      versions: { formula: FORMULA_VERSION, pitch, aligner, node: process.version },
    };
    console.log(options.json ? JSON.stringify(result, null, 2) : `\n${toTable(conditions)}`);
  } finally {
    await engines.close();
  }
}

function parseOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        genuine: { type: 'string', default: '300' },
        degraded: { type: 'string', default: '50' },
        threads: { type: 'string', default: '1' },
        cache: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const { data, cache = null, json } = values;
    if (data === undefined) throw new SpeechTableError(usage);
    const count = (name: 'genuine' | 'degraded' | 'threads') => {
      if (!/^[1-9]\d*$/.test(values[name])) {
        throw new SpeechTableError(`--${name} must be a whole number above 0.\n\n${usage}`);
      }
      return Number(values[name]);
    };
    return {
      data,
      cache,
      json,
      genuine: count('genuine'),
      degraded: count('degraded'),
      threads: count('threads'),
    };
  } catch (cause) {
    if (cause instanceof SpeechTableError) throw cause;
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new SpeechTableError(`${what}\n\n${usage}`, { cause });
  }
}
