/** Every path through a batch and its children, as a script. */
import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Activities } from '../../src/activities/index.ts';
import { changeBatch, lookAtBatch, startBatch } from '../../src/adapters/temporal-batches.ts';
import { batchWorkflowId, chunkWorkflowId } from '../../src/batches/batch.ts';
import {
  batchInput,
  scriptedBatch,
  type BatchScript,
  type ScriptedBatch,
} from '../support/scripted-batch.ts';
import { scriptedActivities } from '../support/scripted-worker.ts';
import type { Scenario } from './scenarios.ts';

interface Path {
  name: string;
  script: BatchScript;
  input?: Parameters<typeof batchInput>[1];
  interfere?: (client: Client, batchId: string) => Promise<void>;
  /** Which execution is recorded; absent: the batch's last run. */
  record?: 'first run' | 'child';
  childFails?: boolean;
  activities?: (batch: ScriptedBatch) => Partial<Activities>;
}

export function batchScenarios(): Scenario[] {
  const changed = () => 'changed' as const;
  const limits = { concurrency: 2, chunkSize: 10 };
  return [
    { name: 'batch-written', script: { total: 30, stateOf: changed }, input: { limits } },
    { name: 'batch-child', script: { total: 30, stateOf: changed }, record: 'child' } as const,
    { name: 'batch-dry-run', script: { total: 30, stateOf: changed }, input: { dryRun: true } },
    { name: 'batch-unchanged', script: { total: 30 }, input: { limits } },
    { name: 'batch-moves-too-far', script: { total: 30, stateOf: changed, movedTooFar: 2 } },
    {
      name: 'batch-tolerance-exceeded',
      script: { total: 60, stateOf: (position: number) => (position > 15 ? 'failed' : 'changed') },
      input: { limits },
    } as const,
    { name: 'batch-child-failed', script: { total: 10 }, childFails: true },
    {
      name: 'batch-continued',
      script: { total: 200, stateOf: changed },
      input: { limits, eventsPerRun: 60, pageSize: 50 },
      record: 'first run',
    } as const,
    {
      name: 'batch-resumed-run',
      script: { total: 200, stateOf: changed },
      input: { limits, eventsPerRun: 60, pageSize: 50 },
    },
    { name: 'batch-empty-pages', script: { total: 10, emptyPages: 3 } },
    { name: 'batch-not-opened', script: {}, activities: () => ({ openBatch: denied }) },
    {
      name: 'batch-not-reported',
      script: { total: 30, stateOf: changed, movedTooFar: 2 },
      activities: () => ({ finishBatch: denied }),
    },
    pageFailed(),
    held('batch-paused', async (client, batchId, release) => {
      await changeBatch(client, batchId, { kind: 'pause' });
      release();
      await until(client, batchId, ({ inFlight }) => inFlight.children === 0);
      await changeBatch(client, batchId, {
        kind: 'set',
        limits: { concurrency: 3, tolerance: { count: 1, percent: 5 } },
      });
      await changeBatch(client, batchId, { kind: 'resume' });
    }),
    held('batch-cancelled', async (client, batchId, release) => {
      await changeBatch(client, batchId, { kind: 'cancel' });
      const handle = client.workflow.getHandle(batchWorkflowId(batchId));
      for (;;) {
        const { events } = await handle.fetchHistory();
        if (events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes)) break;
      }
      release();
    }),
  ].map(scenarioOf);
}

const denied = () => Promise.reject(ApplicationFailure.nonRetryable('scripted', 'STORAGE_DENIED'));

/** While the first page's chunks are in hand, the second cannot be read. */
function pageFailed(): Path {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  return {
    name: 'batch-page-failed',
    script: { total: 60, before: () => released },
    input: { pageSize: 20, limits: { concurrency: 3, chunkSize: 10 } },
    activities: ({ activities }) => ({
      readBatchPage: (input) =>
        input.firstPosition > 1 ? denied() : activities.readBatchPage(input),
    }),
    interfere: async (client, batchId) => {
      await until(client, batchId, ({ inFlight }) => inFlight.children === 2);
      const handle = client.workflow.getHandle(batchWorkflowId(batchId));
      while (!(await hasFailedStep(handle))) continue;
      release();
    },
  };
}

/** Whether an activity of the workflow has failed for good. */
export async function hasFailedStep(handle: WorkflowHandle): Promise<boolean> {
  const { events } = await handle.fetchHistory();
  return events?.some((event) => event.activityTaskFailedEventAttributes) === true;
}

/** The first chunks wait until somebody has interfered. */
function held(
  name: string,
  interfere: (client: Client, batchId: string, release: () => void) => Promise<void>,
): Path {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  return {
    name,
    script: { total: 60, before: () => released },
    input: { limits: { concurrency: 2, chunkSize: 10 } },
    interfere: async (client, batchId) => {
      await until(client, batchId, ({ inFlight }) => inFlight.children === 2);
      await interfere(client, batchId, release);
    },
  };
}

function scenarioOf(path: Path): Scenario {
  const { name, script, input, interfere, record, childFails, activities } = path;
  const batch = scriptedBatch(script);
  if (childFails === true) {
    batch.activities.rescoreFromAnalyses = () =>
      Promise.reject(ApplicationFailure.nonRetryable('scripted', 'DATABASE_REJECTED'));
  }
  return {
    name,
    activities: scriptedActivities({ ...batch.activities, ...activities?.(batch) }),
    async start(client, taskQueue): Promise<WorkflowHandle> {
      const batchId = createHash('sha256').update(name).digest('hex').slice(0, 12);
      await startBatch(client, taskQueue, batchInput(batchId, input), 'rescore · novel');
      const workflowId = batchWorkflowId(batchId);
      const { runId } = await client.workflow.getHandle(workflowId).describe();
      await interfere?.(client, batchId);
      await client.workflow
        .getHandle(workflowId)
        .result()
        .catch(() => undefined);
      if (record === 'child') return client.workflow.getHandle(chunkWorkflowId(batchId, 'plan', 1));
      return client.workflow.getHandle(workflowId, record === 'first run' ? runId : undefined);
    },
  };
}

async function until(
  client: Client,
  batchId: string,
  what: (progress: NonNullable<Awaited<ReturnType<typeof lookAtBatch>>>['progress']) => boolean,
): Promise<void> {
  for (;;) {
    const look = await lookAtBatch(client, batchId);
    if (look !== null && what(look.progress)) return;
  }
}
