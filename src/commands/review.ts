/** `elocute review`: scores that wait for a teacher, and what teachers decided. */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import {
  findReviews,
  listReviews,
  type StoredReview,
} from '../adapters/postgres-stored-reviews.ts';
import { ChangeRefused } from '../adapters/temporal-changes.ts';
import { sendReview } from '../adapters/temporal-reviews.ts';
import { reviewProblems, type ReviewDecision, type ReviewedScore } from '../contract/review.ts';
import {
  commandEnvironment,
  DEFAULT_DATA_FOLDER,
  openConfiguredDatabase,
  openTemporal,
} from './command-environment.ts';
import { needing, UsageError } from './exit-codes.ts';
import { reviewTable } from './review-table.ts';
import { figuresOf, SCORES } from './reviewed-figures.ts';

interface Options extends Partial<Record<ReviewedScore, string>> {
  data: string;
  json?: boolean;
  ended?: boolean;
  reviewer?: string;
  reason?: string;
}

const LISTED = 100;

export function addReview(program: Command): void {
  const review = program
    .command('review')
    .description('list, show, accept and override scores that wait for a teacher')
    .addHelpText(
      'after',
      `
Examples:
  elocute review list
  elocute review accept 0f3a91c2 --reviewer t-17`,
    );
  common(review.command('list'))
    .description('list the scores that wait, the least certain first')
    .option('--ended', 'list those that have ended instead, the latest first')
    .addHelpText(
      'after',
      '\nExamples:\n  elocute review list\n  elocute review list --ended --json',
    )
    .action(list);
  common(review.command('show <id>'))
    .description('show one review: the scores, why it was asked for, what was decided')
    .addHelpText('after', '\nExample:\n  elocute review show 0f3a91c2')
    .action(show);
  deciding(review.command('accept <id>'))
    .description('let the scores stand')
    .addHelpText('after', '\nExample:\n  elocute review accept 0f3a91c2 --reviewer t-17')
    .action((id: string, options: Options) => decide(id, 'accept', options));
  const override = deciding(review.command('override <id>')).description('give other scores');
  for (const score of SCORES) override.option(`--${score} <points>`, '0 to 100');
  override
    .addHelpText(
      'after',
      '\nExample:\n  elocute review override 0f3a91c2 --overall 80 --reason "a cold, not an accent"',
    )
    .action((id: string, options: Options) => decide(id, 'override', options));
}

function common(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print JSON on standard output');
}

function deciding(command: Command): Command {
  return common(command)
    .option('--reviewer <pseudonym>', 'who decides, not by name (default: your login)')
    .option('--reason <text>', 'why');
}

async function list({ data, json, ended }: Options): Promise<void> {
  const { config } = commandEnvironment(data);
  const database = await openConfiguredDatabase(config);
  try {
    const reviews = await listReviews(database, ended === true, LISTED);
    if (json === true) for (const one of reviews) print(JSON.stringify(shownReview(one)));
    else if (reviews.length === 0) print(ended === true ? 'No review has ended.' : 'None waits.');
    else print(reviewTable(reviews));
  } finally {
    await database.close();
  }
}

async function show(id: string, { data, json }: Options): Promise<void> {
  const { review } = await oneReview(id, data);
  print(json === true ? JSON.stringify(shownReview(review)) : describeReview(review));
}

async function decide(id: string, kind: ReviewDecision['kind'], options: Options): Promise<void> {
  const decision = decisionOf(kind, options);
  const { review, config } = await oneReview(id, options.data);
  const client = await openTemporal(config);
  try {
    const advice = `Does the worker run? The same command may be given again.`;
    const answer = await needing('The scoring', advice, () =>
      sendReview(client, review.scoring_id, decision).catch(asUsage),
    );
    if (options.json === true) print(JSON.stringify(answer));
    else print(`${answer.decision}: ${figuresOf(answer.before)} → ${figuresOf(answer.after)}`);
  } finally {
    await client.connection.close();
  }
}

/** What is wrong with it is said here, before anybody is asked. */
export function decisionOf(kind: ReviewDecision['kind'], options: Omit<Options, 'data'>) {
  const given = SCORES.flatMap((name) => {
    const text = options[name];
    return text === undefined ? [] : [[name, text.trim() === '' ? NaN : Number(text)] as const];
  });
  const decision = {
    kind,
    reviewer: options.reviewer ?? userInfo().username,
    reason: options.reason ?? null,
    ...(kind === 'override' ? { scores: Object.fromEntries(given) } : {}),
  };
  const problems = reviewProblems(decision);
  if (problems.length > 0) throw new UsageError(`Not sent: ${problems.join('; ')}.`);
  return decision as ReviewDecision;
}

function asUsage(error: unknown): never {
  if (!(error instanceof ChangeRefused)) throw error;
  throw new UsageError(`Not taken: ${error.message}.`, { cause: error });
}

async function oneReview(id: string, data: string) {
  const { config } = commandEnvironment(data);
  if (!/^[0-9a-f]{8,64}$/.test(id)) {
    throw new UsageError(`"${id}" is no scoring id: give 8 digits or more of one.`);
  }
  const database = await openConfiguredDatabase(config);
  try {
    const found = await findReviews(database, id);
    const [review] = found;
    if (review === undefined) {
      throw new UsageError(
        `No review of ${id} is known. \`elocute review list\` shows those that wait.`,
      );
    }
    if (found.length > 1) throw new UsageError(`${id} begins several scorings; give more digits.`);
    return { review, config };
  } finally {
    await database.close();
  }
}

export function describeReview(review: StoredReview): string {
  const { decision, after, reviewer, reason } = review;
  return [
    `${review.content_type} · level ${review.level} · ${review.title} · line ${review.line}: ${decision ?? 'waits'}`,
    `asked            ${review.asked_at.toISOString()} (${review.because})`,
    `until            ${review.ends_at.toISOString()}`,
    `confidence       ${review.confidence}`,
    `before           ${figuresOf(review.before)}`,
    ...(after === null ? [] : [`after            ${figuresOf(after)}`]),
    ...(reviewer === null ? [] : [`reviewer         ${reviewer}`]),
    ...(reason === null ? [] : [`reason           ${reason}`]),
    ...(review.decided_at === null ? [] : [`decided          ${review.decided_at.toISOString()}`]),
  ].join('\n');
}

/** What `--json` shows: camelCase, as everywhere. */
export function shownReview(review: StoredReview) {
  return {
    scoringId: review.scoring_id,
    workflowId: review.workflow_id,
    contentType: review.content_type,
    level: review.level,
    title: review.title,
    line: review.line,
    because: review.because,
    confidence: review.confidence,
    before: review.before,
    askedAt: review.asked_at,
    endsAt: review.ends_at,
    decision: review.decision,
    after: review.after,
    reviewer: review.reviewer,
    reason: review.reason,
    decidedAt: review.decided_at,
  };
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
