/** `elocute dlq`: the upload events that could not be handled, and sending them back. */
import { InvalidArgumentError, type Command } from 'commander';
import { openDeadLetters, openUploadSender } from '../adapters/sqs-dead-letters.ts';
import type { Config } from '../config.ts';
import type { DeadLetters } from '../uploads/dead-letters.ts';
import { lookAtDeadLetters } from '../uploads/look-at-dead-letters.ts';
import { redriveDeadLetters, type Redriven } from '../uploads/redrive-dead-letters.ts';
import { commandEnvironment, DEFAULT_DATA_FOLDER } from './command-environment.ts';
import { deadLetterJson, deadLetterTable } from './dead-letter-table.ts';
import { EXIT, needing, UsageError } from './exit-codes.ts';

interface Options {
  data: string;
  json?: boolean;
  max: number;
}

const MAX = 1000;

export function addDlq(program: Command): void {
  const dlq = program
    .command('dlq')
    .description('list, show and send back upload events that could not be handled')
    .addHelpText(
      'after',
      `
Examples:
  elocute dlq list
  elocute dlq redrive --dry-run`,
    );
  common(dlq.command('list'))
    .description('list the dead letters, oldest first; prints no keys')
    .addHelpText('after', '\nExample:\n  elocute dlq list --json')
    .action(list);
  common(dlq.command('show <id>'))
    .description('print one dead letter, its body as it came')
    .addHelpText('after', '\nExample:\n  elocute dlq show 0f8fad5b-d9cb-469f-a165-70867728950e')
    .action(show);
  common(dlq.command('redrive [ids...]'))
    .description('send dead letters (default: all) to the upload queue again')
    .option('--dry-run', 'say what would be sent, and send nothing')
    .addHelpText('after', '\nExample:\n  elocute dlq redrive --dry-run')
    .action(redrive);
}

function common(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--max <n>', 'look at this many letters at most', positive, MAX)
    .option('--json', 'print JSON lines on standard output');
}

function positive(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be 1 or more.');
  return number;
}

async function list({ data, json, max }: Options): Promise<void> {
  await withDeadLetters(data, async (deadLetters) => {
    const about = await deadLetters.count();
    const letters = await lookAtDeadLetters(deadLetters, max);
    const nowMs = Date.now();
    if (json === true) {
      for (const letter of letters) print(JSON.stringify(deadLetterJson(letter, nowMs)));
      return;
    }
    if (letters.length > 0) print(deadLetterTable(letters, nowMs));
    else if (about === 0) print('There are no dead letters.');
    if (letters.length < about) {
      print(
        `${letters.length} of about ${about}: the others are being looked at, or --max left them out.`,
      );
    }
  });
}

async function show(id: string, { data, json, max }: Options): Promise<void> {
  await withDeadLetters(data, async (deadLetters) => {
    const letters = await lookAtDeadLetters(deadLetters, max, (letter) => letter.id === id);
    const letter = letters.find((one) => one.id === id);
    if (letter === undefined) throw notFound([id]);
    const nowMs = Date.now();
    if (json === true) {
      print(JSON.stringify({ ...deadLetterJson(letter, nowMs), text: letter.body }));
      return;
    }
    // The body alone on standard output: it can be piped.
    process.stderr.write(`${deadLetterTable([letter], nowMs)}\n`);
    print(letter.body);
  });
}

async function redrive(ids: string[], options: Options & { dryRun?: boolean }): Promise<void> {
  const { data, max, dryRun = false } = options;
  await withDeadLetters(data, async (deadLetters, config) => {
    if (config.UPLOAD_QUEUE === '') {
      throw new UsageError('UPLOAD_QUEUE is empty: there is no queue to send dead letters to.');
    }
    const queueName = config.UPLOAD_QUEUE;
    const sender = await needQueue(config, queueName, () =>
      openUploadSender({ region: config.AWS_REGION, endpoint: config.SQS_ENDPOINT, queueName }),
    );
    try {
      const startedAtMs = Date.now();
      const wishes = { ids, max, dryRun, startedAtMs };
      const redriven = await redriveDeadLetters(deadLetters, (body) => sender.send(body), wishes);
      report(redriven, options);
      // Where it broke off, nobody looked for the rest.
      if (redriven.problem !== null) process.exitCode = EXIT.failed;
      else if (redriven.missing.length > 0) throw notFound(redriven.missing);
    } finally {
      sender.close();
    }
  });
}

function report(
  { sent, doubled, missing, problem }: Redriven,
  options: Options & { dryRun?: boolean },
): void {
  const { json, dryRun = false } = options;
  const ids = (letters: Redriven['sent']) => letters.map(({ id }) => id);
  if (json === true) {
    print(JSON.stringify({ dryRun, sent: ids(sent), doubled: ids(doubled), missing, problem }));
    return;
  }
  if (dryRun && sent.length > 0) print(deadLetterTable(sent, Date.now()));
  const letters = `${sent.length} dead letter${sent.length === 1 ? '' : 's'}`;
  print(dryRun ? `${letters} would be sent.` : `${letters} sent to the upload queue.`);
  if (doubled.length > 0)
    print(`Sent, but still among the dead letters: ${ids(doubled).join(', ')}`);
  if (problem !== null) print(`Ended early: ${problem}. What was not sent is still there.`);
}

function notFound(ids: readonly string[]): UsageError {
  return new UsageError(
    `Not among the dead letters: ${ids.join(', ')}. \`elocute dlq list\` shows them; one that somebody looks at now shows itself within a minute.`,
  );
}

async function withDeadLetters(
  data: string,
  use: (deadLetters: DeadLetters, config: Config) => Promise<void>,
): Promise<void> {
  const { config } = commandEnvironment(data);
  const queueName = config.UPLOAD_DEAD_LETTER_QUEUE;
  await needQueue(config, queueName, async () => {
    const deadLetters = await openDeadLetters({
      region: config.AWS_REGION,
      endpoint: config.SQS_ENDPOINT,
      queueName,
    });
    try {
      await use(deadLetters, config);
    } finally {
      deadLetters.close();
    }
  });
}

function needQueue<T>(config: Config, queueName: string, ask: () => Promise<T>): Promise<T> {
  return needing(
    `SQS${config.SQS_ENDPOINT === undefined ? '' : ` at ${config.SQS_ENDPOINT}`}, queue ${queueName},`,
    'Start `elocute up`, or check SQS_ENDPOINT, the names of the queues and the data folder (--data).',
    ask,
  );
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
