import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { startScoring } from '../../src/adapters/temporal.ts';
import { workflowIdFor, type LessonLine, type ScoreSummary } from '../../src/contract.ts';
import { ROOT } from '../support/run-command.ts';
import {
  scriptedActivities,
  scriptedInput,
  scriptedWorker,
  SUMMARY,
} from '../support/scripted-worker.ts';
import { freshName, temporalClient } from '../support/services.ts';

/** Visibility is written after the run. */
const SEEN_WITHIN_MS = 20_000;
const DAY_MS = 86_400_000;

/** The queries of docs/observe.md, by their question. */
function documentedQueries(): Map<string, string> {
  const text = readFileSync(join(ROOT, 'docs', 'observe.md'), 'utf8');
  const rows = [...text.matchAll(/^\| ([^|]+?) +\| `([^`]+)` +\|$/gm)];
  return new Map(rows.map(([, question = '', query = '']) => [question, query]));
}

describe('the queries of docs/observe.md', function () {
  this.timeout(60_000);
  const queries = documentedQueries();
  let client: Client;
  let taskQueue: string;
  let stuckId: string;
  const ids: Record<string, string> = {};

  /** Level 2 of novels, save where a scoring says otherwise. */
  const scorings: Record<
    string,
    { lesson: Partial<LessonLine>; overall?: number; code?: string; message?: string }
  > = {
    good: { lesson: {}, overall: 81.2 },
    poor: { lesson: { line: 2 }, overall: 41.5 },
    poorElsewhere: { lesson: { level: 3 }, overall: 12 },
    poorPhonics: { lesson: { contentType: 'phonics' }, overall: 12 },
    quota: { lesson: { line: 3 }, code: 'SPEECH_QUOTA' },
    missing: { lesson: { title: 'Another One' }, code: 'STANDARD_MISSING' },
  };

  before(async () => {
    client = await temporalClient();
    const byTranscript = new Map<string, ScoreSummary>();
    const worker = await scriptedWorker(
      scriptedActivities({
        resolveLesson: async (input) => {
          const resolved = await scriptedActivities().resolveLesson(input);
          return { ...resolved, sentence: input.upload.key };
        },
        transcribeSpeech: ({ sentence }) => {
          const { code, overall = null } = scorings[sentence ?? ''] ?? {};
          if (code !== undefined) {
            throw ApplicationFailure.create({ type: code, message: 'no', nonRetryable: true });
          }
          byTranscript.set(sentence ?? '', { ...SUMMARY, overall });
          const analysis = { key: sentence ?? '', cached: false };
          return Promise.resolve({ analysis, text: 'x', wordCount: 1 });
        },
        scoreRecording: ({ learner }) =>
          Promise.resolve({
            analysis: { key: 'score', cached: false },
            summary: byTranscript.get(learner.transcript) ?? SUMMARY,
          }),
      }),
    );
    taskQueue = worker.taskQueue;
    await worker.run(async () => {
      for (const [name, { lesson }] of Object.entries(scorings)) {
        const workflowId = await start(name, lesson);
        const handle = client.workflow.getHandle(workflowId);
        await handle.result().catch(() => undefined);
      }
    });
    // No worker is left for this one.
    stuckId = await start('stuck', { title: 'Nobody Works' });
  });
  after(() => client.workflow.getHandle(stuckId).terminate());

  async function start(name: string, lesson: Partial<LessonLine>): Promise<string> {
    const id = createHash('sha256').update(freshName(name)).digest('hex');
    const input = scriptedInput(id);
    ids[workflowIdFor(id)] = name;
    await startScoring(client, taskQueue, {
      ...input,
      upload: { ...input.upload, key: name },
      lesson: { ...input.lesson, ...lesson },
    });
    return workflowIdFor(id);
  }

  /** Which of the scorings above a query finds, once visibility knows them all. */
  async function found(question: string, shiftDays = 0): Promise<string[]> {
    const query = queries.get(question);
    assert.ok(query, `docs/observe.md does not answer: ${question}`);
    const own = `TaskQueue = "${taskQueue}"`;
    await until(async () => (await named(own)).length === Object.keys(ids).length);
    await until(async () => (await named(`${own} AND ExecutionStatus = "Running"`)).length === 1);
    return named(`${own} AND ${datesMoved(query, shiftDays)}`);
  }

  async function named(query: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { workflowId } of client.workflow.list({ query })) {
      names.push(ids[workflowId] ?? workflowId);
    }
    return names.sort();
  }

  it('find what failed in a span of time with a code, and nothing beside it', async () => {
    const question = 'Failed yesterday with SPEECH_QUOTA';
    // "Yesterday" is moved to today, when this ran.
    assert.deepEqual(await found(question), ['quota']);
    assert.deepEqual(await found(question, -1), []);
  });

  it('find who is below 50 in a content type and level', async () => {
    assert.deepEqual(await found('Overall below 50 in novel, level 2'), ['poor']);
  });

  it('find everything of one lesson, whatever became of it', async () => {
    assert.deepEqual(await found('Everything of one lesson'), ['good', 'poor', 'quota']);
  });

  it('find all that failed, by our own status', async () => {
    assert.deepEqual(await found('Failed at all, the newest first'), ['missing', 'quota']);
  });

  it('find what is under way since a given time', async () => {
    const question = "Under way since before nine o'clock";
    assert.deepEqual(await found(question, 1), ['stuck']);
    assert.deepEqual(await found(question, -1), []);
  });
});

/** The documented days, moved so that the first of them is today (and `shiftDays` from there). */
function datesMoved(query: string, shiftDays: number): string {
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const first = /"(\d{4}-\d\d-\d\dT[\d:]+Z)"/.exec(query)?.[1];
  if (first === undefined) return query;
  const documented = Math.floor(Date.parse(first) / DAY_MS) * DAY_MS;
  return query.replaceAll(/"(\d{4}-\d\d-\d\dT[\d:]+Z)"/g, (_, date: string) => {
    const moved = Date.parse(date) - documented + today + shiftDays * DAY_MS;
    return `"${new Date(moved).toISOString()}"`;
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + SEEN_WITHIN_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('visibility did not show the scorings in time');
    await sleep(100);
  }
}
