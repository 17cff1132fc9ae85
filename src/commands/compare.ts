/** `elocute compare`: the original's output beside the scores here, for both that run side by side. */
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  withOriginalOutput,
  type OriginalOutput,
  type OriginalRow,
  type ScoredHere,
} from '../adapters/postgres-original-output.ts';
import type { Database } from '../adapters/postgres.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';
import {
  commandEnvironment,
  DEFAULT_DATA_FOLDER,
  openConfiguredDatabase,
} from './command-environment.ts';
import { comparing, type PairSide } from './compare-figures.ts';
import { describeComparison, type ComparedOutputs } from './compare-text.ts';
import { EXIT, UsageError } from './exit-codes.ts';
import { interruptible } from './interrupts.ts';
import { COMPARED_FIGURES, MalformedLine, parseOriginalLine } from './original-line.ts';
import { parseWindow, WHEN_HELP } from './parse-when.ts';
import { readLines } from './read-lines.ts';

interface CompareOptions {
  since?: string;
  until?: string;
  data: string;
  json?: boolean;
}

/** A line of the original has 500 characters. */
const MOST_CHARS = 1_000_000;
/** Lines that go to the database together. */
const PAGE = 1000;
/** Of each kind of finding; the counts are of all. */
const SHOWN = 10;

export function addCompare(program: Command): void {
  program
    .command('compare')
    .description("compare the original state machine's output with the scores here")
    .argument(
      '<file>',
      'JSON lines with audio_file, pitch_similarity, … as the original wrote them',
    )
    .option('--since <when>', 'only scorings that ended here since then: 2026-05-01, 24h, 7d')
    .option('--until <when>', 'only scorings that ended here before then')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print the comparison as JSON on standard output')
    .addHelpText(
      'after',
      `
Reads only. A line that cannot be read is named by its number and skipped; where nothing at all could be
compared, the exit code is ${EXIT.failed}. Prints no keys and no users. docs/step-functions.md says how to get the file.
${WHEN_HELP}

Example:
  elocute compare original.jsonl --since 7d`,
    )
    .action((file: string, options: CompareOptions) =>
      interruptible((signal) => compare(file, options, signal)),
    );
}

async function compare(file: string, options: CompareOptions, signal: AbortSignal): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found === null) throw new UsageError(`There is no file ${file}.`);
  if (found.isDirectory()) throw new UsageError(`${file} is a folder. Give a file of JSON lines.`);
  const when = parseWindow(options, Date.now());
  const { config } = commandEnvironment(options.data);
  const database = await openConfiguredDatabase(config);
  try {
    const here = { bucket: config.USER_BUCKET, ...when };
    const compared = await compareFile(database, here, file, signal);
    for (const { line, why } of compared.malformed.lines) {
      process.stderr.write(`line ${line}: ${why}; skipped\n`);
    }
    const unnamed = compared.malformed.count - compared.malformed.lines.length;
    if (unnamed > 0) process.stderr.write(`… and ${unnamed} more\n`);
    const text = options.json === true ? JSON.stringify(compared) : describeComparison(compared);
    process.stdout.write(`${text}\n`);
    if (compared.comparison.pairs === 0) process.exitCode = EXIT.failed;
  } finally {
    await database.close();
  }
}

/** Memory does not grow with the file: what was read waits in the database. */
export function compareFile(
  database: Database,
  here: ScoredHere,
  file: string,
  signal: AbortSignal,
): Promise<ComparedOutputs> {
  return withOriginalOutput<PairSide, ComparedOutputs>(database, here, async (store) => {
    const read = await readInto(store, file, signal);
    const keys = await store.distinctKeys();
    const together = comparing(SHOWN);
    for await (const page of store.joined()) {
      signal.throwIfAborted();
      for (const { scoringId, output, result } of page) {
        together.add({ scoringId, original: output, ours: sideOf(result) });
      }
    }
    return {
      lines: read.lines,
      repeated: read.lines - read.malformed.count - keys,
      malformed: read.malformed,
      comparison: together.result(),
      unscored: await store.unscored(SHOWN),
      onlyHere: await store.onlyHere(SHOWN),
    };
  });
}

/** Empty lines are none. */
async function readInto(store: OriginalOutput<PairSide>, file: string, signal: AbortSignal) {
  const malformed: ComparedOutputs['malformed'] = { count: 0, lines: [] };
  let lines = 0;
  let page: OriginalRow<PairSide>[] = [];
  for await (const { number, text } of readLines(file, MOST_CHARS)) {
    signal.throwIfAborted();
    if (text?.trim() === '') continue;
    lines += 1;
    try {
      if (text === null) throw new MalformedLine(`longer than ${MOST_CHARS} characters`);
      const { key, ...output } = parseOriginalLine(text);
      page.push({ key, line: number, output });
    } catch (error) {
      if (!(error instanceof MalformedLine)) throw error;
      malformed.count += 1;
      if (malformed.lines.length < SHOWN)
        malformed.lines.push({ line: number, why: error.message });
    }
    if (page.length < PAGE) continue;
    await store.add(page);
    page = [];
  }
  if (page.length > 0) await store.add(page);
  return { lines, malformed };
}

function sideOf(result: ScoringResult): PairSide {
  return {
    figures: Object.fromEntries(
      COMPARED_FIGURES.map((figure) => [figure, result[figure]]),
    ) as PairSide['figures'],
    mispronouncedWords: result.mispronouncedWords,
  };
}
