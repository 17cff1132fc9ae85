/** `elocute reconcile`: finds uploads that were never scored and starts them, now. */
import type { Command } from 'commander';
import { runReconciliation } from '../adapters/temporal-reconciliation.ts';
import type {
  ReconcileProgress,
  ReconcileTotals,
  ReconcileUploadsInput,
} from '../contract/reconciliation.ts';
import type { Config } from '../config.ts';
import { commandEnvironment, DEFAULT_DATA_FOLDER, openTemporal } from './command-environment.ts';
import { EXIT, needing, UsageError } from './exit-codes.ts';
import { interruptible } from './interrupts.ts';
import { parseWhen, WHEN_HELP } from './parse-when.ts';
import { reconcileLine, reconcileTable } from './reconcile-table.ts';
import { watchReconciliation } from './watch-reconciliation.ts';

const MINUTE_MS = 60_000;

interface ReconcileOptions {
  since?: string;
  dryRun?: boolean;
  exact?: boolean;
  limit?: string;
  notBefore?: string;
  json?: boolean;
  data: string;
}

export function addReconcile(program: Command): void {
  program
    .command('reconcile')
    .description('compare the user bucket with the database and start what was never scored')
    .option('--since <when>', 'only uploads since 2026-11-01, or of the last 2d, 12h, 30m')
    .option('--dry-run', 'count what would be started, by lesson; start nothing')
    .option('--exact', 'ask S3 for the version of every upload: tells equal recordings apart')
    .option('--limit <n>', 'start at most so many; default: RECONCILE_MAX_STARTS')
    .option(
      '--not-before <when>',
      'leave what is older alone, or "none"; default: RECONCILE_NOT_BEFORE',
    )
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print {window, dryRun, pages, totals, complete} on standard output')
    .addHelpText(
      'after',
      `
The worker does it, in a workflow that goes on when this command is interrupted; run again, the command
joins it. Exits with 1 where Temporal refused a start for good, or S3 to describe an upload.
${WHEN_HELP}

Examples:
  elocute reconcile --since 2d --dry-run
  elocute reconcile --since 2026-11-01
  elocute reconcile --not-before none --limit 100000   (also what another system has scored)`,
    )
    .action((options: ReconcileOptions) => interruptible((signal) => reconcile(options, signal)));
}

async function reconcile(options: ReconcileOptions, signal: AbortSignal): Promise<void> {
  const { config } = commandEnvironment(options.data);
  const input = inputOf(options, Date.now(), config);
  const client = await openTemporal(config);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    const run = await needing(
      `Temporal at ${config.TEMPORAL_ADDRESS}`,
      'Check its namespace and the permission to start workflows.',
      () => runReconciliation(client, config.TEMPORAL_TASK_QUEUE, input),
    );
    say(
      run.joined
        ? `${run.workflowId} runs already, with the options it was started with; joining it.`
        : `Started ${run.workflowId}.`,
    );
    const show = progressLine(input.dryRun);
    const result = await watchReconciliation(run, show, signal);
    const text = options.json === true ? JSON.stringify(result) : reconcileTable(result);
    process.stdout.write(`${text}\n`);
    if (isShort(result.totals)) process.exitCode = EXIT.failed;
  } finally {
    await client.connection.close();
  }
}

/** True where an upload stays unscored that the next run will not start either. */
export function isShort({ failedToStart, unreadable = 0 }: ReconcileTotals): boolean {
  return failedToStart > 0 || unreadable > 0;
}

/**
 * What a person asks for is not left to events that may come, but for replaced versions: found here they
 * are recorded and not scored, which their own event, if it is on its way, would have done. The limits of the schedules hold here too
 * where no option says otherwise; a dry run counts to the end.
 */
export function inputOf(
  options: Omit<ReconcileOptions, 'data'>,
  nowMs: number,
  configured: Pick<
    Config,
    'RECONCILE_MAX_STARTS' | 'RECONCILE_NOT_BEFORE' | 'RECONCILE_GRACE_MINUTES'
  >,
): ReconcileUploadsInput {
  const { since, dryRun = false, exact = false, limit } = options;
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    throw new UsageError('--limit must be a whole number of 1 or more.');
  }
  return {
    lookBackMs: since === undefined ? null : nowMs - parseWhen('--since', since, nowMs),
    graceMs: 0,
    ...(exact ? { olderGraceMs: configured.RECONCILE_GRACE_MINUTES * MINUTE_MS } : {}),
    dryRun,
    exactLookBackMs: exact ? nowMs : null,
    maxStarts:
      limit !== undefined ? Number(limit) : dryRun ? null : configured.RECONCILE_MAX_STARTS,
    ...notBeforeOf(options.notBefore, nowMs, configured.RECONCILE_NOT_BEFORE),
  };
}

function notBeforeOf(
  asked: string | undefined,
  nowMs: number,
  configured: Date | undefined,
): { notBeforeMs?: number } {
  if (asked === 'none') return {};
  if (asked !== undefined) return { notBeforeMs: parseWhen('--not-before', asked, nowMs) };
  return configured === undefined ? {} : { notBeforeMs: configured.getTime() };
}

/** A line for each state that differs from the last one shown. */
function progressLine(dryRun: boolean): (progress: ReconcileProgress) => void {
  let said = '';
  return ({ totals }) => {
    const line = reconcileLine(totals, dryRun);
    if (line === said) return;
    said = line;
    process.stderr.write(`${line}\n`);
  };
}
