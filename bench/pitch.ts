/** How far the pitch tracker is from a table of reference contours, and what it costs. */
import { parseArgs } from 'node:util';
import { createPitchTracker } from '../src/adapters/essentia.ts';
import type { PitchEngine } from '../src/adapters/essentia.ts';
import { comparePitch } from './compare-pitch.ts';
import type { PitchComparison } from './compare-pitch.ts';
import { PitchTableError, readPitchTable } from './pitch-table.ts';

const usage = `Usage: npm run bench:pitch -- --data TABLE.json [--engine fft|essentia] [--json]

TABLE.json holds {"files": {"name.wav": {"t0": seconds, "dt": seconds, "hz": [0 or Hz, ...]}}};
file names are relative to its folder, such as examples/lessons/praat-pitch.json.`;

try {
  const { data, engine, json } = parseOptions();
  const recordings = readPitchTable(data);
  const comparison = comparePitch(await createPitchTracker(engine), recordings);
  console.log(json ? JSON.stringify(comparison) : toTable(comparison));
} catch (error) {
  if (!(error instanceof PitchTableError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

function parseOptions(): { data: string; engine: PitchEngine; json: boolean } {
  let values: { data?: string; engine: string; json?: boolean };
  try {
    ({ values } = parseArgs({
      options: {
        data: { type: 'string' },
        engine: { type: 'string', default: 'fft' },
        json: { type: 'boolean' },
      },
    }));
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new PitchTableError(`${what}\n\n${usage}`, { cause });
  }
  if (values.data === undefined) throw new PitchTableError(usage);
  const { data, engine, json = false } = values;
  if (engine !== 'fft' && engine !== 'essentia') {
    throw new PitchTableError(`--engine is fft or essentia.\n\n${usage}`);
  }
  return { data, engine, json };
}

function toTable(comparison: PitchComparison): string {
  const rows: [string, string][] = [
    ['files', String(comparison.files)],
    ['voicing differs', `${comparison.voicingDifferencePercent.toFixed(3)} % of frames`],
    ['gross errors', `${comparison.grossErrorPercent.toFixed(3)} % of frames voiced in both`],
    ['median difference', `${comparison.medianAbsoluteCents.toFixed(3)} cents`],
    ['CPU time', `${comparison.cpuSPerAudioS.toFixed(4)} s per s of audio`],
  ];
  return rows.map(([label, value]) => label.padEnd(19) + value).join('\n');
}
