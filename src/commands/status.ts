/** `elocute status`: how a scoring stands, from the database or from the running workflow. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Command } from 'commander';
import type { Config } from '../config.ts';
import { PROGRESS_QUERY, workflowIdFor, type ScoringProgress } from '../contract.ts';
import { failureOf, isFailureCode, supersededText } from '../failures.ts';
import type { Language } from '../scoring/messages/message.ts';
import {
  commandEnvironment,
  DEFAULT_DATA_FOLDER,
  openConfiguredDatabase,
  openTemporal,
} from './command-environment.ts';
import { EXIT, needing, UsageError } from './exit-codes.ts';
import {
  feedbackTextOf,
  findingsOf,
  findScorings,
  shownScoring,
  type StoredResult,
  type StoredScoring,
} from './stored-scoring.ts';

/** A worker answers within milliseconds; where none runs, Temporal would wait for one. */
const ANSWER_WITHIN_MS = 10_000;

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('show a scoring: its steps while it runs, its scores or its failure afterwards')
    .argument('<id>', 'scoring id (8 digits or more) or workflow id')
    .option('--data <folder>', 'data folder of a running `elocute up`', DEFAULT_DATA_FOLDER)
    .option('--json', 'print JSON on standard output')
    .addHelpText(
      'after',
      `
With --json, all names are in camelCase. Finished: id, workflowId, status (completed, failed or
superseded: a newer version counts, or the recording is gone), objectKey, contentType, level, title,
line, sentence, failureCode, failureMessage, result, attempts, applicationRowId, finishedAt. Running:
workflowId, status (scoring), steps, summary, failureCode.

Example:
  elocute status score-0f3a…`,
    )
    .action(status);
}

async function status(id: string, options: { data: string; json?: boolean }): Promise<void> {
  const { config } = commandEnvironment(options.data);
  const database = await openConfiguredDatabase(config);
  try {
    const found = await findScorings(database, id);
    if (found.length > 1) throw new UsageError(`${id} begins several scorings; give more digits.`);
    const [scoring] = found;
    if (scoring !== undefined) {
      const json = options.json === true;
      process.stdout.write(
        json
          ? `${JSON.stringify(shownScoring(scoring))}\n`
          : describeScoring(scoring, config.FEEDBACK_LANGUAGE),
      );
      if (scoring.status === 'failed') process.exitCode = EXIT.failed;
      return;
    }
  } finally {
    await database.close();
  }
  await showRunning(id, config, options.json === true);
}

async function showRunning(id: string, config: Config, json: boolean): Promise<void> {
  const workflowId = id.startsWith('score-') ? id : workflowIdFor(id);
  const client = await openTemporal(config);
  try {
    const progress = await needing(
      `Scoring ${workflowId}`,
      'It goes on by itself. Does the worker run? The same command asks again.',
      () => progressOf(client, workflowId),
    );
    if (progress === null) {
      throw new UsageError(
        `Neither the database nor Temporal knows ${id}. Give the scoring id or the workflow id that \`elocute upload\` printed.`,
      );
    }
    process.stdout.write(
      json
        ? `${JSON.stringify({ workflowId, ...progress })}\n`
        : `${progress.steps.map(({ name, state }) => `${state.padEnd(9)} ${name}`).join('\n')}\n`,
    );
  } finally {
    await client.connection.close();
  }
}

/** Null where Temporal does not know it. */
async function progressOf(client: Client, workflowId: string): Promise<ScoringProgress | null> {
  try {
    return await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      client.workflow.getHandle(workflowId).query<ScoringProgress>(PROGRESS_QUERY),
    );
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** A scoring in a few lines of text. */
export function describeScoring(scoring: StoredScoring, language: Language): string {
  const { content_type, level, title, line, result } = scoring;
  const lines = [`${content_type} · level ${level} · ${title} · line ${line}: ${scoring.status}`];
  if (scoring.status === 'superseded') {
    const code = isFailureCode(scoring.failure_code) ? scoring.failure_code : null;
    lines.push(supersededText(code));
  } else if (scoring.failure_code !== null) {
    lines.push(`${scoring.failure_code}: ${scoring.failure_message ?? ''}`);
    if (isFailureCode(scoring.failure_code)) lines.push(failureOf(scoring.failure_code).operator);
  }
  if (result !== null) lines.push(`"${scoring.sentence ?? ''}"`, ...figuresOf(result, language));
  return `${lines.join('\n')}\n`;
}

/** The figures of a result, a line each; what is wrong with the standard comes last. */
export function figuresOf(result: StoredResult, language: Language): string[] {
  const show = (value: number | null, unit = '') => (value === null ? '–' : `${value}${unit}`);
  return [
    `attempt          ${result.attempt.kind}`,
    `overall          ${show(result.overall)}`,
    `accuracy         ${show(result.accuracy)}`,
    `fluency          ${show(result.fluency)}`,
    `prosody          ${show(result.prosody)}`,
    `completeness     ${show(result.completeness)}`,
    `pitch            ${show(result.pitchSimilarity)}`,
    `rhythm           ${show(result.rhythmSimilarity)}`,
    `speed            ${show(result.speedRatio, ' ×')}`,
    `pauses           ${show(result.pauseSimilarity)}`,
    `mispronounced    ${result.mispronouncedWords.join(', ') || '–'}`,
    ...Object.entries(result.versions ?? {}).map(
      ([name, version]) => `${`${name} version`.padEnd(25)}${version ?? '–'}`,
    ),
    `advice           ${feedbackTextOf(result, language)}`,
    ...findingsOf(result).map(({ message }) => `standard         ${message[language]}`),
  ];
}
