import assert from 'node:assert/strict';
import { Connection, Client, ScheduleNotFoundError } from '@temporalio/client';
import { createScoringStarter } from '../../src/adapters/temporal-scoring-starter.ts';
import { runReconciliation } from '../../src/adapters/temporal-reconciliation.ts';
import { ensureReconcileSchedules, scheduleIdsOf } from '../../src/adapters/temporal-schedules.ts';
import {
  emptyTotals,
  type ReconcilePageInput,
  type ReconcileUploadsInput,
} from '../../src/contract/reconciliation.ts';
import { freePort } from '../../src/local/free-port.ts';
import { scriptedActivities, scriptedInput, scriptedWorker } from '../support/scripted-worker.ts';
import { freshName, onEnd, temporalClient } from '../support/services.ts';

const HOUR_MS = 3_600_000;

describe('starts on behalf of a reconciliation', () => {
  it('are refused for good where the request itself is wrong', async () => {
    const client = await temporalClient();
    const starter = createScoringStarter(client, 'q'.repeat(1001));
    assert.equal(await starter.start(scriptedInput('a'.repeat(64))), 'refused');
  });

  it('are an outage, to be retried, where nobody answers', async () => {
    const connection = Connection.lazy({
      address: `127.0.0.1:${await freePort()}`,
      connectTimeout: 500,
    });
    const starter = createScoringStarter(new Client({ connection }), 'elocute', 500);
    try {
      const failure = { code: 'TEMPORAL_UNAVAILABLE' };
      await assert.rejects(starter.start(scriptedInput('a'.repeat(64))), failure);
      await assert.rejects(starter.standingOf('a'.repeat(64)), failure);
    } finally {
      await connection.close();
    }
  });
});

describe('the schedules of reconciliation', () => {
  let client: Client;
  before(async () => {
    client = await temporalClient();
  });

  function options(overrides = {}) {
    const taskQueue = freshName('schedules');
    onEnd(() => ensureReconcileSchedules(client, { ...OPTIONS, taskQueue, everyMinutes: 0 }));
    return { ...OPTIONS, taskQueue, ...overrides };
  }
  const OPTIONS = {
    everyMinutes: 15,
    lookBackHours: 48,
    graceMinutes: 10,
    maxStarts: 5000,
    notBefore: undefined,
  };
  const describeBoth = async (taskQueue: string) => {
    const { recent, all } = scheduleIdsOf(taskQueue);
    return Promise.all([recent, all].map((id) => client.schedule.getHandle(id).describe()));
  };

  it('are a frequent one that looks back a little, and a daily one over everything', async () => {
    const asked = options();
    await ensureReconcileSchedules(client, asked);
    const [recent, all] = await describeBoth(asked.taskQueue);
    assert.ok(recent !== undefined && all !== undefined);
    assert.deepEqual(
      [recent, all].map(({ scheduleId, policies, spec, action }) => ({
        scheduleId,
        overlap: policies.overlap,
        catchupWindow: policies.catchupWindow,
        every: spec.intervals?.map(({ every }) => every),
        jittered: (spec.jitter ?? 0) > 0,
        lookBackMs: (action.args?.[0] as ReconcileUploadsInput).lookBackMs,
      })),
      [
        {
          scheduleId: `${asked.taskQueue}-reconcile`,
          overlap: 'SKIP',
          catchupWindow: HOUR_MS / 4,
          every: [HOUR_MS / 4],
          jittered: true,
          lookBackMs: 48 * HOUR_MS,
        },
        {
          scheduleId: `${asked.taskQueue}-reconcile-all`,
          overlap: 'SKIP',
          catchupWindow: 24 * HOUR_MS,
          every: [24 * HOUR_MS],
          jittered: true,
          lookBackMs: null,
        },
      ],
    );
  });

  it('are made once by many workers that start together, and left alone where nothing differs', async () => {
    const asked = options();
    await Promise.all(Array.from({ length: 8 }, () => ensureReconcileSchedules(client, asked)));
    await ensureReconcileSchedules(client, asked);
    for (const { info } of await describeBoth(asked.taskQueue)) {
      assert.equal(info.lastUpdatedAt, undefined);
    }
  });

  it('follow the configuration, and stay paused where an operator has paused them', async () => {
    const asked = options();
    await ensureReconcileSchedules(client, asked);
    const { recent } = scheduleIdsOf(asked.taskQueue);
    await client.schedule.getHandle(recent).pause('S3 moves tonight');
    await ensureReconcileSchedules(client, asked);
    await ensureReconcileSchedules(client, { ...asked, everyMinutes: 5, graceMinutes: 1 });
    const [paused, running] = await describeBoth(asked.taskQueue);
    assert.deepEqual(paused?.state, { ...paused?.state, paused: true, note: 'S3 moves tonight' });
    assert.equal(paused.spec.intervals?.[0]?.every, HOUR_MS / 12);
    assert.equal((paused.action.args?.[0] as ReconcileUploadsInput).graceMs, 60_000);
    assert.equal(running?.state.paused, false);
  });

  it('leave what was uploaded before a set time to the system that scored it', async () => {
    const seen: ReconcilePageInput[] = [];
    const worker = await scriptedWorker(
      scriptedActivities({
        reconcilePage: (input) => {
          seen.push(input);
          return Promise.resolve({ nextCursor: null, totals: emptyTotals() });
        },
      }),
    );
    const notBefore = new Date(Date.now() - HOUR_MS);
    const asked = { ...options(), taskQueue: worker.taskQueue, notBefore };
    onEnd(() => ensureReconcileSchedules(client, { ...asked, everyMinutes: 0 }));
    await ensureReconcileSchedules(client, asked);
    await worker.run(async () => {
      for (const schedule of await describeBoth(worker.taskQueue)) {
        const [input] = schedule.action.args as [ReconcileUploadsInput];
        await runReconciliation(client, worker.taskQueue, input).then((run) => run.result());
      }
    });
    assert.deepEqual(
      seen.map(({ window }) => window.sinceMs),
      [notBefore.getTime(), notBefore.getTime()],
    );
  });

  it('are removed by 0 minutes, also where there is none', async () => {
    const asked = options();
    await ensureReconcileSchedules(client, asked);
    const off = { ...asked, everyMinutes: 0 };
    await Promise.all([
      ensureReconcileSchedules(client, off),
      ensureReconcileSchedules(client, off),
    ]);
    await assert.rejects(describeBoth(asked.taskQueue), ScheduleNotFoundError);
    await ensureReconcileSchedules(client, off);
  });

  it('run the workflow, titled, on the worker’s queue', async () => {
    const pages: unknown[] = [];
    const worker = await scriptedWorker(
      scriptedActivities({
        reconcilePage: (input) => {
          pages.push(input);
          return Promise.resolve({ nextCursor: null, totals: { ...emptyTotals(), listed: 7 } });
        },
      }),
    );
    const asked = { ...options(), taskQueue: worker.taskQueue };
    onEnd(() => ensureReconcileSchedules(client, { ...asked, everyMinutes: 0 }));
    await ensureReconcileSchedules(client, asked);
    await worker.run(async () => {
      const handle = client.schedule.getHandle(scheduleIdsOf(asked.taskQueue).recent);
      await handle.trigger();
      const workflowId = await startedBy(handle);
      const started = client.workflow.getHandle(workflowId);
      const result = (await started.result()) as { totals: { listed: number } };
      assert.equal(result.totals.listed, 7);
      assert.equal(await (await started.describe()).staticSummary(), 'uploads of 48 h');
      assert.equal(pages.length, 1);
      const [{ window }] = pages as [{ window: { sinceMs: number; untilMs: number } }];
      assert.equal(window.untilMs - window.sinceMs, 48 * HOUR_MS - HOUR_MS / 6);
    });
  });

  async function startedBy(handle: ReturnType<Client['schedule']['getHandle']>) {
    for (;;) {
      const [action] = (await handle.describe()).info.recentActions;
      if (action !== undefined) return action.action.workflow.workflowId;
    }
  }
});
