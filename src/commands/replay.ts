/** `elocute replay`: failed scorings once more, from the step that failed, after the cause is mended. */
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { createFailedScorings } from '../adapters/postgres-failed-scorings.ts';
import { createReplayLog } from '../adapters/postgres-replays.ts';
import { createReplayRuns } from '../adapters/temporal-replays.ts';
import { planReplays } from '../operate/plan-replays.ts';
import type { ReplayWish } from '../operate/replay-scoring.ts';
import { checkChoice, chooseReplays, type ChoiceOptions } from './choose-replays.ts';
import {
  commandEnvironment,
  DEFAULT_DATA_FOLDER,
  openConfiguredDatabase,
  openTemporal,
} from './command-environment.ts';
import { EXIT, InterruptedError, UsageError } from './exit-codes.ts';
import { addFilterOptions } from './failed-filter.ts';
import { interruptible } from './interrupts.ts';
import { parseRate } from './parse-rate.ts';
import { WHEN_HELP } from './parse-when.ts';
import {
  nothingText,
  planJson,
  planText,
  replayedJson,
  replayedText,
  type ReplayedRun,
} from './replay-text.ts';
import { runReplays } from './run-replays.ts';

interface ReplayOptions extends ChoiceOptions {
  reason?: string;
  by?: string;
  rate: string;
  from: string;
  wait: boolean;
  data: string;
  json?: boolean;
}

const GOOD: readonly string[] = ['completed', 'superseded', 'reviewing'];

/** Each costs two calls to Temporal before anything is replayed. */
const LOOK_AT = 500;

export function addReplay(program: Command): void {
  addFilterOptions(
    program
      .command('replay')
      .description('score failed recordings once more, from the step that failed')
      .argument('[ids...]', 'scoring ids (8 digits or more) or workflow ids; else a filter'),
    'at most so many, the oldest first',
  )
    .option('--dry-run', 'show the plan, replay nothing')
    .option('--reason <text>', 'why; stands in the audit and in the history')
    .option('--by <who>', 'who asks for it (default: the user of the system)')
    .option('--rate <n/s>', 'starts a second at most', '5/s')
    .option('--from <step>', 'failed, or lesson: read sentence and standard anew', 'failed')
    .option('--force', 'also where the catalogue says that a replay cannot help')
    .option('--yes', 'do not ask before more than one')
    .option('--no-wait', 'do not wait for the scorings to end')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print a JSON line for each scoring on standard output')
    .addHelpText(
      'after',
      `
Nothing that is kept by content is computed or paid again. Ctrl-C starts no more; what was started goes
on, and the same command goes on with what is still failed. Every replay stands in elocute.replay.
What waits for a teacher is not waited for. Exits with ${EXIT.failed} where one failed again, or where one that was
given by its id was not replayed.
${WHEN_HELP}

Examples:
  elocute replay 0f3a9c1d
  elocute replay --code SPEECH_DENIED --since 2d --dry-run
  elocute replay --code SPEECH_DENIED --since 2d --yes --rate 2/s --reason "new key"`,
    )
    .action((ids: string[], options: ReplayOptions) =>
      interruptible((signal) => replay(ids, options, signal)),
    );
}

async function replay(ids: string[], options: ReplayOptions, signal: AbortSignal): Promise<void> {
  const perSecond = parseRate(options.rate);
  const wish = wishOf(options);
  const { config } = commandEnvironment(options.data);
  checkChoice(ids, options);
  const database = await openConfiguredDatabase(config);
  try {
    const scorings = createFailedScorings(database);
    const { chosen, leftOut } = await chooseReplays(ids, options, scorings);
    if (chosen.length === 0) {
      process.stderr.write(`${nothingText(leftOut)}\n`);
      return;
    }
    const client = await openTemporal(config);
    try {
      const runs = createReplayRuns(client, config.TEMPORAL_TASK_QUEUE);
      const ports = { scorings, runs, log: createReplayLog(database) };
      const { from, force } = wish;
      const plan = await planReplays(chosen, runs, { from, force, lookAt: LOOK_AT });
      const isDry = options.dryRun === true;
      const json = options.json === true;
      if (isDry && json) for (const one of plan) print(JSON.stringify(planJson(one)));
      else
        (isDry ? process.stdout : process.stderr).write(`${planText(plan, perSecond, leftOut)}\n`);
      if (isDry) return;
      const toReplay = plan.filter(({ kind }) => kind !== 'refused').map(({ scoring }) => scoring);
      const refused = plan.flatMap((one): ReplayedRun[] =>
        one.kind === 'refused'
          ? [{ scoring: one.scoring, end: { outcome: 'refused', note: one.why }, ended: null }]
          : [],
      );
      if (toReplay.length > 1 && options.yes !== true) await confirm(toReplay.length, signal);
      const ran: ReplayedRun[] = [];
      try {
        await runReplays({ toReplay, wish, ports, perSecond, signal, wait: options.wait }, ran);
      } finally {
        const all = [...ran, ...refused];
        if (json) for (const one of all) print(JSON.stringify(replayedJson(one)));
        else print(replayedText(all));
        if (all.some((one) => isBad(one, ids.length > 0))) process.exitCode = EXIT.failed;
      }
    } finally {
      await client.connection.close();
    }
  } finally {
    await database.close();
  }
}

/** A filter also meets what cannot be replayed; who names one wants that one. */
function isBad({ end, ended }: ReplayedRun, named: boolean): boolean {
  if (end.outcome === 'refused') return named;
  if (end.outcome === 'failed') return true;
  return ended !== null && !GOOD.includes(ended.status);
}

function wishOf({ from, force = false, reason, by }: ReplayOptions): ReplayWish {
  if (from !== 'failed' && from !== 'lesson') {
    throw new UsageError(`--from ${from} is neither failed nor lesson.`);
  }
  return { from, force, reason: reason ?? null, requestedBy: by ?? userInfo().username };
}

async function confirm(count: number, signal: AbortSignal): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Replay these ${count}? [y/N] `, { signal });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    terminal.close();
  }
  throw new InterruptedError('Nothing was replayed.');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
