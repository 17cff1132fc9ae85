/** `elocute report`: one scoring as one HTML file. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Option, type Command } from 'commander';
import { standardKeyOf } from '../activities/standard-key.ts';
import { openAnalysisEngines } from '../adapters/analysis-engines.ts';
import { createReportSources } from '../adapters/report-sources.ts';
import { createObjectStore, createS3Client } from '../adapters/s3.ts';
import type { Config } from '../config.ts';
import { readReport } from '../report/read-report.ts';
import type { ReportData } from '../report/report-data.ts';
import { renderReport } from '../report/render-report.ts';
import type { Language } from '../scoring/messages/message.ts';
import {
  commandEnvironment,
  DEFAULT_DATA_FOLDER,
  openConfiguredDatabase,
} from './command-environment.ts';
import { UsageError } from './exit-codes.ts';
import { interruptible } from './interrupts.ts';
import { SHORT_ID } from './short-id.ts';
import { findScorings } from './stored-scoring.ts';

interface ReportOptions {
  out?: string;
  lang?: Language;
  open?: boolean;
  data: string;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('write the report of a scoring: one HTML file to look at, listen to and print')
    .argument('<id>', 'scoring id (8 digits or more) or workflow id')
    .option('--out <file>', 'where to write it (default: report-<id>.html here)')
    .addOption(
      new Option('--lang <language>', 'language of the page (default: FEEDBACK_LANGUAGE)').choices([
        'en',
        'ko',
      ]),
    )
    .option('--open', 'open it in the browser')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .addHelpText(
      'after',
      `
The file holds both recordings: whoever has it can hear them. It makes no request.

Examples:
  elocute report 0f3a9c1be77d --open
  elocute report 0f3a9c1be77d --lang ko --out report.html`,
    )
    .action((id: string, options: ReportOptions) =>
      interruptible((signal) => report(id, options, signal)),
    );
}

async function report(id: string, options: ReportOptions, signal: AbortSignal): Promise<void> {
  const { config } = commandEnvironment(options.data);
  const data = await readConfigured(id, config, signal);
  const file = resolve(options.out ?? `report-${data.scoring.id.slice(0, SHORT_ID)}.html`);
  writeFileSync(file, renderReport(data, options.lang ?? config.FEEDBACK_LANGUAGE));
  process.stdout.write(`${file}\n`);
  if (options.open === true) openInBrowser(pathToFileURL(file).href);
}

async function readConfigured(
  id: string,
  config: Config,
  signal: AbortSignal,
): Promise<ReportData> {
  const database = await openConfiguredDatabase(config);
  const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  try {
    const found = await findScorings(database, id);
    if (found.length > 1) throw new UsageError(`${id} begins several scorings; give more digits.`);
    const [scoring] = found;
    if (scoring === undefined) {
      throw new UsageError(
        `No finished scoring has the id ${id}. \`elocute status ${id}\` shows whether it still runs.`,
      );
    }
    // In processes of their own, because a recording may be anything.
    const engines = await openAnalysisEngines({
      threads: 1,
      maxSeconds: config.AUDIO_MAX_SECONDS,
      memoryMb: config.ANALYSIS_MEMORY_MB,
    });
    try {
      const sources = createReportSources({
        database,
        objects: createObjectStore(s3),
        toSpeechWav: engines.toSpeechWav.bind(engines),
        standardOf: (lesson) => ({
          bucket: config.STANDARD_BUCKET,
          key: standardKeyOf(lesson, config.STANDARD_KEY_ROOT),
        }),
        maxBytes: config.AUDIO_MAX_BYTES,
      });
      const data = await readReport(sources, scoring.id, signal);
      if (data === null) throw new UsageError(`The scoring ${id} was deleted just now.`);
      return data;
    } finally {
      await engines.close();
    }
  } finally {
    s3.destroy();
    await database.close();
  }
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Where no program opens pages, the path that was printed is enough. */
function openInBrowser(address: string): void {
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  child.once('error', () => {
    process.stderr.write('No program opens pages here; open the file in a browser.\n');
  });
  child.unref();
}
