/** `elocute report`: one scoring as one HTML file. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Option, type Command } from 'commander';
import { renderReport } from '../report/render-report.ts';
import type { Language } from '../scoring/messages/message.ts';
import { commandEnvironment, DEFAULT_DATA_FOLDER } from './command-environment.ts';
import { interruptible } from './interrupts.ts';
import { openInBrowser } from './open-in-browser.ts';
import { reportOf } from './report-of.ts';
import { SHORT_ID } from './short-id.ts';
import { writePage } from './write-page.ts';

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
  const data = await reportOf(id, config, signal);
  const file = resolve(options.out ?? `report-${data.scoring.id.slice(0, SHORT_ID)}.html`);
  const html = renderReport(data, options.lang ?? config.FEEDBACK_LANGUAGE);
  writePage(file, html, 'Give another place with --out.');
  process.stdout.write(`${file}\n`);
  if (options.open === true) openInBrowser(pathToFileURL(file).href);
}
