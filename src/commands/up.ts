/** `elocute up`: the whole system on this machine, until Ctrl-C. */
import type { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { startStack, type LocalStack } from '../local/stack.ts';
import type { Role } from '../web/principal.ts';
import { DEFAULT_DATA_FOLDER } from './command-environment.ts';
import { InterruptedError } from './exit-codes.ts';
import { aborted, interruptible } from './interrupts.ts';
import { migrateApplication } from './migrate-application.ts';
import { seedLessons } from './seed-lessons.ts';
import { signInLink } from './token.ts';
import { cacheFolder, givenConfiguration, machineEnvironment } from './stack-environment.ts';

/** Somebody starts it in the morning and clicks in the afternoon. */
const LINK_S = 24 * 3600;

export function addUp(program: Command): void {
  program
    .command('up')
    .description(
      'run everything on this machine: Temporal, PostgreSQL, S3, SQS, speech, worker, web',
    )
    .option('--data <folder>', 'where everything is kept', DEFAULT_DATA_FOLDER)
    .option('--no-seed', 'do not put the example lessons into the standard bucket')
    .option(
      '--app-migrate <command>',
      "make the application's tables with this command, instead of a stand-in for them",
    )
    .addHelpText(
      'after',
      `
A part whose address is set is used instead of started:
  TEMPORAL_ADDRESS, DATABASE_URL, S3_ENDPOINT with SQS_ENDPOINT, SPEECH_ENDPOINT or SPEECH_KIND=google
All other variables of the configuration reach worker, starter and web process too. Only an S3 started here is
seeded. \`upload\` and \`status\` find the addresses in the data folder; give them DATABASE_URL,
TEMPORAL_API_KEY and AWS credentials again, which are not written down.

Example:
  elocute up
  elocute up --app-migrate "python manage.py migrate"
  elocute upload me.wav --user 7 --lesson "novel/level_2/A Breath of Life/1"`,
    )
    .action((options: UpOptions) => interruptible((s) => up(options, s)));
}

interface UpOptions {
  data: string;
  seed: boolean;
  appMigrate?: string;
}

async function up(options: UpOptions, signal: AbortSignal): Promise<void> {
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  const { appMigrate } = options;
  const stack = await startStack({
    dataDir: options.data,
    cacheDir: cacheFolder(process.env),
    environment: givenConfiguration(process.env),
    machine: machineEnvironment(process.env),
    ephemeral: false,
    migrateApplication:
      appMigrate === undefined
        ? undefined
        : (environment) => migrateApplication(appMigrate, environment, signal),
    report,
    signal,
  });
  try {
    signal.throwIfAborted();
    // A bucket that was given is somebody's own: nothing is put there unasked.
    if (options.seed && stack.ownsObjects) {
      const lines = await seedLessons(stack.environment);
      report(`Lessons: ${lines} example lines in the standard bucket`);
    }
    report(`\nElocute runs. Data: ${stack.folder.root}`);
    if (stack.uiUrl !== null) report(`Temporal Web UI: ${stack.uiUrl}`);
    await reportWeb(stack, report);
    report('Stop with Ctrl-C.');
    await Promise.race([stack.failed, aborted(signal)]);
  } catch (error) {
    // Ctrl-C is how it is meant to end.
    if (!(error instanceof InterruptedError)) throw error;
  } finally {
    report('Stopping …');
    await stack.stop();
    report('Stopped.');
  }
}

/** A link each for a learner, a teacher and an operator, where this stack signs its own tokens. */
async function reportWeb(stack: LocalStack, report: (line: string) => void): Promise<void> {
  report(`HTTP API and pages: ${stack.webUrl}`);
  const config = loadConfig(stack.environment);
  if (config.WEB_JWT_ALGORITHM !== 'HS256' || config.WEB_JWT_SECRET === undefined) return;
  const link = (role: Role, userId: string, next: string) =>
    signInLink(config, stack.webUrl, { role, userId, users: null, lessons: null }, LINK_S, next);
  report(`  practise as learner 7: ${await link('learner', '7', '/practice')}`);
  report(`  look as a teacher:     ${await link('teacher', 'me', '/teacher')}`);
  report(`  sign in as operator:   ${await link('operator', 'me', '/')}`);
  report('  Each link works once; `elocute token --link` makes others.');
}
