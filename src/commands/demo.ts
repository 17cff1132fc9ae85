/** `elocute demo`: real recordings from S3 to scores in PostgreSQL, watched live. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { openDatabase, type Database } from '../adapters/postgres.ts';
import { createS3Client } from '../adapters/s3.ts';
import { connectTemporal, temporalAddressOf } from '../adapters/temporal.ts';
import { loadConfig, type Config } from '../config.ts';
import { workflowIdFor } from '../contract.ts';
import { startStack, type LocalStack } from '../local/stack.ts';
import { renderReport } from '../report/render-report.ts';
import type { Language } from '../scoring/messages/message.ts';
import { DEFAULT_DATA_FOLDER, workflowPage } from './command-environment.ts';
import { chooseRecordings, type DemoRecording } from './demo-recordings.ts';
import { demoTable, jsonLineOf, type DemoScoring } from './demo-output.ts';
import { EXIT, UsageError } from './exit-codes.ts';
import { aborted, interruptible } from './interrupts.ts';
import { createProgressView } from './progress-view.ts';
import { openInBrowser } from './open-in-browser.ts';
import { putRecording } from './put-recording.ts';
import { reportOf } from './report-of.ts';
import { seedLessons } from './seed-lessons.ts';
import { cacheFolder, givenConfiguration, machineEnvironment } from './stack-environment.ts';
import { findScorings } from './stored-scoring.ts';
import { watchScoring } from './watch-scoring.ts';
import { writePage } from './write-page.ts';

interface DemoOptions {
  keep?: boolean;
  json?: boolean;
  open?: boolean;
  data?: string;
}

const RECORDINGS = 12;
/** Written where the demo is run; the one thing that it leaves. */
const REPORT = 'demo-report.html';
/** Of the configuration, all that the demo heeds: it touches nothing but its own servers. */
const TUNING = ['LOG_LEVEL', 'ANALYSIS_THREADS'];

export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('score a dozen real learner recordings on this machine, then stop')
    .option('--keep', 'stay up afterwards, to look around in the Web UI')
    .option('--data <folder>', 'keep the data here (default: a temporary folder)')
    .option('--open', `open the report of one recording (${REPORT}) in the browser`)
    .option('--json', 'print one JSON object per scoring on standard output')
    .addHelpText(
      'after',
      `
Addresses that are set (DATABASE_URL, TEMPORAL_ADDRESS, S3_ENDPOINT and so on) are ignored: the demo
touches nothing but its own servers. \`elocute up\` uses them.

Examples:
  elocute demo --open
  elocute demo --keep
  elocute demo --json > scores.jsonl`,
    )
    .action((options: DemoOptions) => interruptible((signal) => demo(options, signal)));
}

async function demo(options: DemoOptions, signal: AbortSignal): Promise<void> {
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  const kept = options.data ?? (options.keep === true ? DEFAULT_DATA_FOLDER : null);
  const dataDir = kept ?? mkdtempSync(join(tmpdir(), 'elocute-demo-'));
  let stack: LocalStack | undefined;
  let page: string | null = null;
  try {
    report('Starting Temporal, PostgreSQL, S3, SQS and the speech service on this machine …');
    const given = givenConfiguration(process.env);
    const ignored = Object.keys(given).filter((name) => !TUNING.includes(name));
    if (ignored.length > 0) report(`Ignored by the demo: ${ignored.join(', ')}`);
    stack = await startStack({
      dataDir,
      cacheDir: cacheFolder(process.env),
      environment: Object.fromEntries(
        Object.entries(given).filter(([name]) => TUNING.includes(name)),
      ),
      machine: machineEnvironment(process.env),
      ephemeral: kept === null,
      report,
      signal,
    });
    const running = run(stack, options, report, signal);
    page = await Promise.race([running, stack.failed, aborted(signal)]);
    if (options.keep === true) {
      report('\nStaying up; stop with Ctrl-C.');
      await Promise.race([stack.failed, aborted(signal)]);
    }
  } finally {
    await stack?.stop();
    if (kept === null) rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
    const left = kept === null ? 'nothing else is left' : `the data stays in ${dataDir}`;
    report(`Stopped; ${left}.`);
    // The last thing that is read: what somebody may want to open.
    if (page !== null) report(`\nThe report of one of them, to look at and listen to:\n${page}`);
  }
}

async function run(
  stack: LocalStack,
  options: DemoOptions,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const config = loadConfig(stack.environment);
  const lines = await seedLessons(stack.environment);
  report(`S3: ${lines} standard recordings with their sentences\n`);
  const recordings = chooseRecordings(RECORDINGS);
  const uploads = await uploadAll(recordings, stack);
  const titles = new Map(uploads.map(({ workflowId, recording }) => [workflowId, recording.title]));
  const client = await connectTemporal(temporalAddressOf(config));
  const ids = [...titles.keys()];
  const view = createProgressView(ids, (id) => titles.get(id) ?? id);
  const database = openDatabase({ connectionString: config.DATABASE_URL ?? '', poolSize: 2 });
  try {
    await Promise.all(
      ids.map((workflowId) =>
        watchScoring({
          client,
          workflowId,
          onProgress: (progress) => view.update(workflowId, progress),
          signal,
        }),
      ),
    );
    view.end();
    const language = config.FEEDBACK_LANGUAGE;
    const scorings = await readAll(uploads, database, language);
    show(scorings, options, report, stack.uiUrl);
    const page = await writeReport(scorings, config, stack, { report, signal });
    if (page !== null && options.keep === true) report(`\nThe report of one of them: ${page}`);
    if (page !== null && options.open === true) openInBrowser(page);
    return page;
  } finally {
    view.end();
    await database.close();
    await client.connection.close();
  }
}

interface DemoUpload {
  recording: DemoRecording;
  workflowId: string;
}

async function uploadAll(recordings: DemoRecording[], stack: LocalStack): Promise<DemoUpload[]> {
  const config: Config = loadConfig(stack.environment);
  const s3 = createS3Client({
    region: config.AWS_REGION,
    endpoint: config.S3_ENDPOINT,
    credentials: {
      accessKeyId: stack.environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: stack.environment['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  try {
    return await Promise.all(
      recordings.map(async (recording) => {
        const object = { bucket: config.USER_BUCKET, key: recording.key };
        const { scoringId } = await putRecording(s3, object, recording.bytes());
        return { recording, workflowId: workflowIdFor(scoringId) };
      }),
    );
  } finally {
    s3.destroy();
  }
}

async function readAll(
  uploads: DemoUpload[],
  database: Database,
  language: Language,
): Promise<DemoScoring[]> {
  const scorings: DemoScoring[] = [];
  for (const { recording, workflowId } of uploads) {
    const [stored] = await findScorings(database, workflowId);
    if (stored === undefined) throw new Error(`${workflowId} ended without a row.`);
    scorings.push({ recording, stored, language });
  }
  return scorings;
}

/** The address of the page; null where there is none. Of the one that is neither very good nor very poor: there is something to practise, and to like. */
async function writeReport(
  scorings: DemoScoring[],
  config: Config,
  { environment }: LocalStack,
  { report, signal }: { report: (line: string) => void; signal: AbortSignal },
): Promise<string | null> {
  const overallOf = ({ stored }: DemoScoring) => stored.result?.overall ?? null;
  const ranked = scorings
    .filter((scoring) => overallOf(scoring) !== null)
    .toSorted((a, b) => Number(overallOf(a)) - Number(overallOf(b)));
  const chosen = ranked[Math.floor(ranked.length / 2)] ?? scorings[0];
  if (chosen === undefined) return null;
  const data = await reportOf(chosen.stored.id, config, signal, {
    accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
  });
  const file = resolve(REPORT);
  try {
    writePage(
      file,
      renderReport(data, config.FEEDBACK_LANGUAGE),
      'Run the demo in a folder of yours.',
    );
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // Everything was scored: the demo has done what it is for.
    report(`\n${error.message}`);
    return null;
  }
  return pathToFileURL(file).href;
}

function show(
  scorings: DemoScoring[],
  options: DemoOptions,
  report: (line: string) => void,
  uiUrl: string | null,
): void {
  if (options.json === true) {
    for (const scoring of scorings) process.stdout.write(`${jsonLineOf(scoring)}\n`);
  } else {
    process.stdout.write(`\n${demoTable(scorings, process.stdout.columns)}\n`);
  }
  const [first] = scorings;
  if (uiUrl !== null && first !== undefined) {
    report(`\nOne of them, step by step: ${workflowPage(uiUrl, first.stored.workflow_id)}`);
    if (options.keep !== true) report('(run `npm run demo -- --keep` to look at it)');
  }
  if (scorings.some(({ stored }) => stored.status !== 'completed')) process.exitCode = EXIT.failed;
}
