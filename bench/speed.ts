/** CPU time of every stage, side by side with the original's Python in one run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { speedRecordings, type SpeedRecording } from './speed-data.ts';
import { OriginalError, originalStages, preparedPython, startOriginal } from './speed-original.ts';
import { ownStageNames, reportSpeed, toTable, type SpeedMeasurements } from './speed-report.ts';
import { ownStages } from './speed-stages.ts';
import { SpeechTableError } from './speech-table.ts';

const usage = `Usage: npm run bench:speed -- [--data FOLDER] [--files N] [--repetitions N]
  [--python PATH] [--json]

FOLDER holds WAV files, each with its sentence beside it in a .txt file; else the lesson files are
taken. N of them (12) are measured N times (5). --python names a Python that has the packages of
bench/speed-requirements.txt; else a virtual environment is made in .cache/.`;

interface Options {
  data: string | undefined;
  files: number;
  repetitions: number;
  python: string | undefined;
  json: boolean;
}

try {
  await run(parseOptions());
} catch (error) {
  if (!(error instanceof SpeechTableError || error instanceof OriginalError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function run({ data, files, repetitions, python, json }: Options): Promise<void> {
  const recordings = speedRecordings(data, files);
  const audioS = recordings.reduce((sum, { samples }) => sum + samples.length, 0) / 16_000;
  const folder = mkdtempSync(join(tmpdir(), 'elocute-speed-'));
  try {
    const paths = writeWavs(recordings, folder);
    const { measured, pythonVersion } = await measure(
      recordings,
      paths,
      python ?? preparedPython(),
      repetitions,
      audioS,
    );
    const report = reportSpeed(measured);
    const result = {
      what: 'CPU seconds per second of audio, medians; files at 44.1 kHz, all in memory, warm',
      ...report,
      recordings: recordings.length,
      audioS: Math.round(audioS * 10) / 10,
      repetitions,
      machine: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      loadAverage: Math.round((loadavg()[0] ?? 0) * 10) / 10,
      date: new Date().toISOString().slice(0, 10),
      versions: { node: process.version, python: pythonVersion },
    };
    console.log(json ? JSON.stringify(result, null, 2) : toTable(report));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writeWavs(recordings: readonly SpeedRecording[], folder: string): string[] {
  return recordings.map(({ wav }, at) => {
    const path = join(folder, `${at}.wav`);
    writeFileSync(path, wav);
    return path;
  });
}

async function measure(
  recordings: readonly SpeedRecording[],
  paths: string[],
  python: string,
  repetitions: number,
  audioS: number,
): Promise<{ measured: SpeedMeasurements; pythonVersion: string }> {
  const stages = await ownStages(recordings);
  const original = await startOriginal(python, paths);
  const measured: SpeedMeasurements = {
    own: emptyLists(ownStageNames),
    original: emptyLists(originalStages),
  };
  const tasks = [
    ...ownStageNames.map((name) => () => {
      measured.own[name].push(cpuSeconds(stages[name]) / audioS);
      return Promise.resolve();
    }),
    ...originalStages.map((name) => async () => {
      measured.original[name].push((await original.run(name)) / audioS);
    }),
  ];
  try {
    // Warm up both sides, then alternate the order, so that neither gains from its place.
    for (const name of ownStageNames) stages[name]();
    for (const name of originalStages) await original.run(name);
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const task of repetition % 2 === 0 ? tasks : tasks.toReversed()) await task();
    }
  } finally {
    original.close();
  }
  return { measured, pythonVersion: original.pythonVersion };
}

function emptyLists<Stage extends string>(names: readonly Stage[]): Record<Stage, number[]> {
  return Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Stage, number[]>;
}

/** Repeats a short stage, whose one run the clock of the process could not resolve. */
function cpuSeconds(stage: () => void): number {
  const before = process.cpuUsage();
  for (let runs = 1; ; runs++) {
    stage();
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    if (seconds >= 0.1) return seconds / runs;
  }
}

function parseOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        files: { type: 'string', default: '12' },
        repetitions: { type: 'string', default: '5' },
        python: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const count = (name: 'files' | 'repetitions') => {
      if (!/^[1-9]\d*$/.test(values[name])) {
        throw new SpeechTableError(`--${name} must be a whole number above 0.\n\n${usage}`);
      }
      return Number(values[name]);
    };
    const { data, python, json } = values;
    return { data, python, json, files: count('files'), repetitions: count('repetitions') };
  } catch (cause) {
    if (cause instanceof SpeechTableError) throw cause;
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new SpeechTableError(`${what}\n\n${usage}`, { cause });
  }
}
