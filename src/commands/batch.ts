/** `elocute batch`: batches that run or ran; pauses, resumes, cancels and changes one that runs. */
import { Argument, type Command } from 'commander';
import { findBatches, listBatches, type StoredBatch } from '../adapters/postgres-stored-batches.ts';
import type { Database } from '../adapters/postgres.ts';
import {
  changeBatch,
  lookAtBatch,
  standingOfBatch,
  type BatchChange,
} from '../adapters/temporal-batches.ts';
import { ChangeRefused } from '../adapters/temporal-changes.ts';
import { describeSource } from '../batches/describe-source.ts';
import { describeCounts } from '../batches/limits.ts';
import type { Config } from '../config.ts';
import {
  commandEnvironment,
  DEFAULT_DATA_FOLDER,
  openConfiguredDatabase,
  openTemporal,
} from './command-environment.ts';
import { needing, UsageError } from './exit-codes.ts';
import { interruptible } from './interrupts.ts';
import { parseLimits, type LimitOptions } from './parse-limits.ts';
import { follow } from './rescore.ts';
import { describeBatch, shownBatch, withStanding } from './show-batch.ts';

interface BatchOptions extends LimitOptions {
  json?: boolean;
  data: string;
}

const ACTIONS = ['show', 'watch', 'pause', 'resume', 'cancel', 'set'] as const;
type Action = (typeof ACTIONS)[number];

const LISTED = 20;

export function addBatch(program: Command): void {
  program
    .command('batch')
    .description('look at a batch, or change one while it runs')
    .argument('<id>', '`list`, or the id of a batch (or its beginning)')
    .addArgument(new Argument('[action]', 'default: show').choices(ACTIONS))
    .option('--concurrency <n>', 'set: children at once')
    .option('--tolerate <limit...>', 'set: failures to put up with, 20, 5%, or both')
    .option('--max-move <points>', 'set: points that a score may move by')
    .option('--chunk <items>', 'set: items of one child, from the next page of 500 on')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print JSON on standard output')
    .addHelpText(
      'after',
      `
pause starts no more items; those in flight end. cancel does too, then writes the report.

Examples:
  elocute batch list
  elocute batch 3f9a pause
  elocute batch 3f9a set --concurrency 8 --tolerate 2%`,
    )
    .action((id: string, action: string | undefined, options: BatchOptions) =>
      interruptible((signal) => batch(id, action ?? 'show', options, signal)),
    );
}

async function batch(
  id: string,
  given: string,
  options: BatchOptions,
  signal: AbortSignal,
): Promise<void> {
  const action = ACTIONS.find((name) => name === given);
  if (action === undefined) {
    throw new UsageError(`"${given}" is none of ${ACTIONS.join(', ')}.`);
  }
  const limits = parseLimits(options);
  if (Object.keys(limits).length > 0 !== (action === 'set')) {
    throw new UsageError(
      'Limits go with `set`, and `set` needs some: --concurrency, --tolerate, --max-move, --chunk.',
    );
  }
  const { config } = commandEnvironment(options.data);
  const database = await openConfiguredDatabase(config);
  try {
    if (id === 'list') {
      await list(config, database, options.json === true);
      return;
    }
    const found = await oneBatch(database, id);
    await act({ config, database, found, options, signal }, action);
  } finally {
    await database.close();
  }
}

interface Chosen {
  config: Config;
  database: Database;
  found: StoredBatch;
  options: BatchOptions;
  signal: AbortSignal;
}

async function act(
  { config, database, found, options, signal }: Chosen,
  action: Action,
): Promise<void> {
  const json = options.json === true;
  if (action === 'show' && found.status !== 'running') {
    print(json ? JSON.stringify(shownBatch(found, null)) : describeBatch(found, null));
    return;
  }
  const client = await openTemporal(config);
  try {
    const advice = `Does the worker run? \`elocute batch ${found.id}\` asks again.`;
    const lookAt = () => lookAtBatch(client, found.id);
    if (action === 'watch') {
      await follow({ batchId: found.id, lookAt, database, json, signal });
      return;
    }
    if (action !== 'show') {
      const change: BatchChange =
        action === 'set' ? { kind: 'set', limits: parseLimits(options) } : { kind: action };
      await needing('The batch', advice, async () => {
        await changeBatch(client, found.id, change).catch(asUsage);
      });
    }
    const look = await needing('The batch', advice, lookAt);
    const progress = look?.progress ?? null;
    const standing = progress?.status ?? 'failed';
    // It may have ended, and its row with it, since the row was read.
    const row = standing === 'running' ? found : await oneBatch(database, found.id);
    const batch = withStanding(row, standing);
    print(json ? JSON.stringify(shownBatch(batch, progress)) : describeBatch(batch, progress));
  } finally {
    await client.connection.close();
  }
}

function asUsage(error: unknown): never {
  if (error instanceof ChangeRefused) {
    throw new UsageError(`Not changed: ${error.message}.`, { cause: error });
  }
  throw error;
}

async function oneBatch(database: Database, id: string): Promise<StoredBatch> {
  const found = await findBatches(database, id);
  const [first] = found;
  if (first === undefined) {
    throw new UsageError(`No batch is known as ${id}. \`elocute batch list\` shows the latest.`);
  }
  if (found.length > 1) throw new UsageError(`${id} begins several batches; give more digits.`);
  return first;
}

async function list(config: Config, database: Database, json: boolean): Promise<void> {
  const rows = await listBatches(database, LISTED);
  const batches = await withStandings(config, rows);
  if (json) {
    for (const one of batches) print(JSON.stringify(shownBatch(one, null)));
  } else if (batches.length === 0) print('No batch has run yet.');
  else for (const one of batches) print(lineOf(one));
}

/** Temporal is asked only about those that seem to run, and may be down. */
async function withStandings(config: Config, rows: StoredBatch[]): Promise<StoredBatch[]> {
  if (rows.every(({ status }) => status !== 'running')) return rows;
  const client = await openTemporal(config).catch(() => null);
  if (client === null) return rows;
  const look = async (row: StoredBatch) =>
    row.status === 'running' ? withStanding(row, await standingOfBatch(client, row.id)) : row;
  try {
    return await Promise.all(rows.map((row) => look(row).catch(() => row)));
  } finally {
    await client.connection.close();
  }
}

function lineOf(batch: StoredBatch): string {
  const counts = batch.counts === null ? '' : describeCounts(batch.counts, {}, batch.dry_run);
  return [
    batch.id,
    batch.created_at.toISOString().slice(0, 16),
    `${batch.status}${batch.dry_run ? ' (dry run)' : ''}`.padEnd(19),
    describeSource(batch.source),
    batch.failure_code ?? counts,
    batch.reason ?? '',
  ]
    .join('  ')
    .trimEnd();
}

function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
}
