/** `elocute up`: the whole system on this machine, until Ctrl-C. */
import type { Command } from 'commander';
import { startStack } from '../local/stack.ts';
import { cacheFolder, DEFAULT_DATA_FOLDER } from './command-environment.ts';
import { InterruptedError } from './exit-codes.ts';
import { aborted, interruptible } from './interrupts.ts';
import { seedLessons } from './seed-lessons.ts';

export function addUp(program: Command): void {
  program
    .command('up')
    .description('run everything on this machine: Temporal, PostgreSQL, S3, SQS, speech, worker')
    .option('--data <folder>', 'where everything is kept', DEFAULT_DATA_FOLDER)
    .option('--no-seed', 'do not put the example lessons into the standard bucket')
    .addHelpText(
      'after',
      `
A part whose address is set is used instead of started:
  TEMPORAL_ADDRESS, DATABASE_URL, S3_ENDPOINT with SQS_ENDPOINT, SPEECH_ENDPOINT or SPEECH_KIND=google

Example:
  elocute up
  elocute upload me.wav --user 7 --lesson "novel/level_2/A Breath of Life/1"`,
    )
    .action((options: { data: string; seed: boolean }) => interruptible((s) => up(options, s)));
}

async function up(options: { data: string; seed: boolean }, signal: AbortSignal): Promise<void> {
  const report = (line: string) => void process.stderr.write(`${line}\n`);
  const stack = await startStack({
    dataDir: options.data,
    cacheDir: cacheFolder(process.env),
    environment: process.env,
    ephemeral: false,
    report,
  });
  try {
    signal.throwIfAborted();
    if (options.seed) {
      const lines = await seedLessons(stack.environment);
      report(`Lessons: ${lines} example lines in the standard bucket`);
    }
    report(`\nElocute runs. Data: ${stack.folder.root}`);
    if (stack.uiUrl !== null) report(`Temporal Web UI: ${stack.uiUrl}`);
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
