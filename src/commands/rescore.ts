/** `elocute rescore`: scores of many computed anew from kept analyses, without any speech call. */
import { randomBytes } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { findBatches } from '../adapters/postgres-stored-batches.ts';
import type { Database } from '../adapters/postgres.ts';
import { createBatchObjects } from '../adapters/s3-batches.ts';
import { createS3Client } from '../adapters/s3.ts';
import { lookAtBatch, startBatch, type BatchLook } from '../adapters/temporal-batches.ts';
import { batchFolder, type BatchSource, type RescoreBatchInput } from '../batches/batch.ts';
import { describeSource } from '../batches/describe-source.ts';
import { DEFAULT_LIMITS } from '../batches/limits.ts';
import type { Config } from '../config.ts';
import {
  commandEnvironment,
  DEFAULT_DATA_FOLDER,
  openConfiguredDatabase,
  openTemporal,
  workflowPage,
} from './command-environment.ts';
import { EXIT, needing, UnavailableError } from './exit-codes.ts';
import { interruptible } from './interrupts.ts';
import { parseLimits, type LimitOptions } from './parse-limits.ts';
import { WHEN_HELP } from './parse-when.ts';
import { chooseSource, type ChosenSource, type SourceOptions } from './rescore-source.ts';
import { describeBatch, shownBatch, withStanding } from './show-batch.ts';
import { watchBatch } from './watch-batch.ts';

interface RescoreOptions extends SourceOptions, LimitOptions {
  dryRun?: boolean;
  yes?: boolean;
  reason?: string;
  wait: boolean;
  json?: boolean;
  data: string;
}

/** Items read at once, and events after which a run goes on as a new one. */
const PAGE_SIZE = 500;
const EVENTS_PER_RUN = 2000;

export function addRescore(program: Command): void {
  const { concurrency, maxMove, chunkSize } = DEFAULT_LIMITS;
  program
    .command('rescore')
    .description('compute scores anew from kept analyses, with the formula and model of the worker')
    .option('--ids <id...>', 'scoring ids (8 digits or more) or workflow ids')
    .option(
      '--file <file>',
      'scoring ids: a file, one a line or JSON lines with "id"; or JSON lines at s3://bucket/key',
    )
    .option('--prefix <address>', 'recordings below s3://bucket/prefix')
    .option('--lesson <lesson>', 'content type[/level[/title[/line]]]')
    .option('--since <when>', 'scored since: a date, a time, or 24h, 7d ago')
    .option('--until <when>', 'scored before')
    .option('--outdated', 'only scores of another formula or model')
    .option('--all', 'every completed scoring')
    .option('--dry-run', 'compute and report, change no score')
    .option('--max-move <points>', `points that a score may move by (default: ${maxMove})`)
    .option('--yes', 'write even where a score moves farther')
    .option('--concurrency <n>', `children at once (default: ${concurrency})`)
    .option('--tolerate <limit...>', 'failures to put up with: 20, 5%, or both (default: 0)')
    .option('--chunk <items>', `items of one child (default: ${chunkSize})`)
    .option('--reason <text>', 'why, for whoever reads it later')
    .option('--no-wait', 'only start it')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print the batch with its report as JSON on standard output')
    .addHelpText(
      'after',
      `
Everything is computed first; only then, and only where no score moves too far, it is written.
Ctrl-C leaves the batch running: \`elocute batch ID\` looks again.
${WHEN_HELP}

Examples:
  elocute rescore --outdated --dry-run
  elocute rescore --lesson "novel/2/A Breath of Life" --since 7d --reason "new model"`,
    )
    .action((options: RescoreOptions) => interruptible((signal) => rescore(options, signal)));
}

async function rescore(options: RescoreOptions, signal: AbortSignal): Promise<void> {
  const limits = { ...DEFAULT_LIMITS, ...parseLimits(options) };
  const { config, uiUrl } = commandEnvironment(options.data);
  const database = await openConfiguredDatabase(config);
  try {
    const chosen = await chooseSource(options, database);
    const client = await openTemporal(config);
    try {
      const batchId = randomBytes(6).toString('hex');
      const input: RescoreBatchInput = {
        batchId,
        source: await handOver(chosen, batchId, config, signal),
        dryRun: options.dryRun === true,
        acceptMoves: options.yes === true,
        limits,
        reason: options.reason ?? null,
        requestedBy: userInfo().username,
        pageSize: PAGE_SIZE,
        eventsPerRun: EVENTS_PER_RUN,
      };
      const title = `rescore${input.dryRun ? ' (dry run)' : ''} · ${describeSource(input.source)}`;
      const workflowId = await startBatch(client, config.TEMPORAL_TASK_QUEUE, input, title);
      process.stderr.write(`Batch ${batchId}: ${title}\n`);
      if (uiUrl !== null) process.stderr.write(`${workflowPage(uiUrl, workflowId)}\n`);
      const lookAt = () => lookAtBatch(client, batchId);
      if (options.wait) {
        await follow({ batchId, lookAt, database, json: options.json === true, signal });
      } else if (options.json === true) {
        process.stdout.write(`${JSON.stringify({ batchId, workflowId, status: 'running' })}\n`);
      }
    } finally {
      await client.connection.close();
    }
  } finally {
    await database.close();
  }
}

/** Many ids become an object beside the results: Temporal carries a reference. */
async function handOver(
  chosen: ChosenSource,
  batchId: string,
  config: Config,
  signal: AbortSignal,
): Promise<BatchSource> {
  if (chosen.kind !== 'lines') return chosen;
  const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
  const bucket = config.RESULTS_BUCKET ?? config.USER_BUCKET;
  const key = `${batchFolder(batchId)}items.jsonl`;
  const lines = chosen.ids.map((id) => `${JSON.stringify({ id })}\n`).join('');
  try {
    await needing(
      `The bucket ${bucket}`,
      'Check S3_ENDPOINT, RESULTS_BUCKET and s3:PutObject.',
      () => createBatchObjects(s3, bucket).write(key, lines, 'application/jsonl', signal),
    );
  } finally {
    s3.destroy();
  }
  return { kind: 'file', object: { bucket, key, versionId: null, etag: null } };
}

export interface Followed {
  batchId: string;
  lookAt: () => Promise<BatchLook | null>;
  database: Database;
  json: boolean;
  signal: AbortSignal;
}

/** Until it has ended; then what came of it. Fails where the batch did not complete. */
export async function follow({ batchId, lookAt, database, json, signal }: Followed): Promise<void> {
  const standing = await watchBatch(batchId, lookAt, { signal });
  const [row] = await findBatches(database, batchId);
  if (row === undefined) {
    throw new UnavailableError(
      `Batch ${batchId} ended before it was opened; \`temporal workflow show -w batch-${batchId}\` says why.`,
    );
  }
  const batch = withStanding(row, standing);
  process.stdout.write(
    json ? `${JSON.stringify(shownBatch(batch, null))}\n` : describeBatch(batch, null),
  );
  if (batch.status !== 'completed') process.exitCode = EXIT.failed;
}
