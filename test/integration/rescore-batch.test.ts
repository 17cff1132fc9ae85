import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  ApplicationFailure,
  WorkflowFailedError,
  type Client,
  type WorkflowHandle,
} from '@temporalio/client';
import { createBatchLedger } from '../../src/adapters/postgres-batches.ts';
import {
  changeBatch,
  lookAtBatch,
  standingOfBatch,
  startBatch,
} from '../../src/adapters/temporal-batches.ts';
import { createWebBatches } from '../../src/adapters/web-batches.ts';
import {
  batchWorkflowId,
  chunkWorkflowId,
  type BatchProgress,
  type RescoreBatchInput,
  type RescoreBatchResult,
} from '../../src/batches/batch.ts';
import { hasFailedStep } from '../replay/batch-scenarios.ts';
import { CURRENT } from '../support/kept-scorings.ts';
import { batchInput, scriptedBatch, type ScriptedBatch } from '../support/scripted-batch.ts';
import { scriptedActivities, scriptedWorker } from '../support/scripted-worker.ts';
import { freshDatabase, temporalClient } from '../support/services.ts';

const denied = () => Promise.reject(ApplicationFailure.nonRetryable('scripted', 'STORAGE_DENIED'));

/** Chunks wait here until the test lets them go. */
function gate() {
  let open: () => void = () => undefined;
  let isOpen = false;
  const waiting = new Promise<void>((resolve) => {
    open = () => {
      isOpen = true;
      resolve();
    };
  });
  return { wait: () => waiting, open, isOpen: () => isOpen };
}

describe('the workflow rescoreBatch', function () {
  this.timeout(120_000);
  let client: Client;
  before(async () => {
    client = await temporalClient();
  });

  interface Running {
    handle: WorkflowHandle;
    input: RescoreBatchInput;
    progress: () => Promise<BatchProgress>;
    /** Asks until it is so. */
    until: (what: (progress: BatchProgress) => boolean) => Promise<BatchProgress>;
    failure: () => Promise<Error>;
  }

  async function run<T>(
    script: ScriptedBatch,
    overrides: Parameters<typeof batchInput>[1],
    test: (running: Running) => Promise<T>,
  ): Promise<T> {
    const worker = await scriptedWorker(scriptedActivities(script.activities));
    return worker.run(async () => {
      const input = batchInput(randomBytes(6).toString('hex'), overrides);
      await startBatch(client, worker.taskQueue, input, 'rescore · novel');
      const handle = client.workflow.getHandle(batchWorkflowId(input.batchId));
      const progress = async () => {
        const look = await lookAtBatch(client, input.batchId);
        return (look ?? assert.fail('it is not known')).progress;
      };
      return test({
        handle,
        input,
        progress,
        async until(what) {
          for (;;) {
            const now = await progress();
            if (what(now)) return now;
          }
        },
        failure: () =>
          handle.result().then(
            () => assert.fail('it should have failed'),
            (error: unknown) => {
              assert.ok(error instanceof WorkflowFailedError);
              return error.cause ?? assert.fail('it has no cause');
            },
          ),
      });
    });
  }

  it('computes all, then writes what has changed, and says so in query and details', async () => {
    const batch = scriptedBatch({
      total: 90,
      stateOf: (position) => (position % 3 === 0 ? 'changed' : 'unchanged'),
    });
    await run(
      batch,
      { pageSize: 40, limits: { chunkSize: 10 } },
      async ({ handle, input, progress }) => {
        const result = (await handle.result()) as RescoreBatchResult;
        assert.deepEqual(result.counts, { unchanged: 60, changed: 30, written: 30, failed: 0 });
        const plans = batch.started.filter(({ phase }) => phase === 'plan');
        assert.equal(plans.length, 9);
        // Nothing is written before everything is computed.
        assert.ok(batch.started.slice(0, 9).every(({ phase }) => phase === 'plan'));
        assert.equal(batch.started.filter(({ phase }) => phase === 'write').length, 3);
        assert.ok(batch.running.most <= input.limits.concurrency);
        assert.equal(batch.finished[0]?.status, 'completed');
        const now = await progress();
        assert.deepEqual([now.status, now.phase, now.doneInPhase], ['completed', 'write', 30]);
        const { currentDetails = '' } = await handle.query<{ currentDetails?: string }>(
          '__temporal_workflow_metadata',
        );
        assert.match(currentDetails, /^Rescore novel, for operator\n\n/);
        assert.match(currentDetails, /\| state \| completed \|/);
        assert.match(currentDetails, /\| written \| 30 \|/);
      },
    );
  });

  it('writes nothing in a dry run', async () => {
    const batch = scriptedBatch({ total: 30, stateOf: () => 'changed', movedTooFar: 5 });
    await run(batch, { dryRun: true }, async ({ handle }) => {
      const { counts } = (await handle.result()) as RescoreBatchResult;
      assert.deepEqual(counts, { unchanged: 0, changed: 30, written: 0, failed: 0 });
      assert.ok(batch.started.every(({ phase }) => phase === 'plan'));
    });
  });

  it('writes nothing where scores move too far, unless that was accepted', async () => {
    const script = { total: 30, stateOf: () => 'changed' as const, movedTooFar: 5 };
    const refused = scriptedBatch(script);
    await run(refused, {}, async ({ failure }) => {
      const cause = await failure();
      assert.equal((cause as { type?: string }).type, 'BATCH_MOVES_TOO_FAR');
      assert.match(
        cause.message,
        /5 of 30 scorings would move by more than 10 points, the farthest by 31\.2/,
      );
      assert.ok(refused.started.every(({ phase }) => phase === 'plan'));
      assert.equal(refused.finished[0]?.failureCode, 'BATCH_MOVES_TOO_FAR');
    });
    const accepted = scriptedBatch(script);
    await run(accepted, { acceptMoves: true }, async ({ handle }) => {
      const { counts } = (await handle.result()) as RescoreBatchResult;
      assert.equal(counts.written, 30);
    });
  });

  it('never has more children in flight than allowed, below learners’ uploads in priority', async () => {
    const hold = gate();
    const batch = scriptedBatch({ total: 200, before: hold.wait });
    await run(batch, { limits: { concurrency: 3, chunkSize: 10 } }, async (running) => {
      await running.until(() => batch.running.now === 3);
      const child = client.workflow.getHandle(chunkWorkflowId(running.input.batchId, 'plan', 1));
      const { raw } = await child.describe();
      assert.equal(raw.workflowExecutionInfo?.priority?.priorityKey, 4);
      hold.open();
      await running.handle.result();
      assert.equal(batch.running.most, 3);
    });
  });

  it('starts nothing while it is paused, and goes on when it is resumed', async () => {
    const hold = gate();
    const batch = scriptedBatch({ total: 100, before: hold.wait });
    await run(batch, { limits: { concurrency: 2, chunkSize: 10 } }, async (running) => {
      const { batchId } = running.input;
      await running.until(({ inFlight }) => inFlight.children === 2);
      await changeBatch(client, batchId, { kind: 'pause' });
      hold.open();
      const paused = await running.until(({ inFlight }) => inFlight.children === 0);
      assert.deepEqual([paused.paused, paused.doneInPhase, paused.remainingS], [true, 20, null]);
      assert.equal(batch.started.length, 2);
      await assert.rejects(changeBatch(client, batchId, { kind: 'pause' }), /it is paused already/);
      await changeBatch(client, batchId, { kind: 'resume' });
      await running.handle.result();
      assert.equal(batch.started.length, 10);
      await assert.rejects(changeBatch(client, batchId, { kind: 'resume' }), /does not run/);
    });
  });

  it('takes another chunk size with the next page, not within one that was read', async () => {
    const hold = gate();
    const batch = scriptedBatch({ total: 40, before: hold.wait });
    const limits = { concurrency: 1, chunkSize: 5 };
    await run(batch, { limits, pageSize: 20 }, async (running) => {
      await running.until(({ inFlight }) => inFlight.children === 1);
      const { batchId } = running.input;
      await changeBatch(client, batchId, { kind: 'set', limits: { chunkSize: 10 } });
      hold.open();
      await running.handle.result();
    });
    const planned = batch.started.filter(({ phase }) => phase === 'plan');
    assert.deepEqual(
      planned.map(({ first, last }) => last - first + 1),
      [5, 5, 5, 5, 10, 10],
    );
  });

  it('takes new limits while it runs, and refuses those that make no sense', async () => {
    const hold = gate();
    const batch = scriptedBatch({ total: 300, before: hold.wait });
    await run(batch, { limits: { concurrency: 1, chunkSize: 10 } }, async (running) => {
      const { batchId } = running.input;
      const set = (limits: object) => changeBatch(client, batchId, { kind: 'set', limits });
      await running.until(({ inFlight }) => inFlight.children === 1);
      await assert.rejects(set({}), /nothing to change was given/);
      await assert.rejects(
        set({ concurrency: 0 }),
        /concurrency must be a whole number from 1 to 100, not 0/,
      );
      await assert.rejects(
        set({ tolerance: { count: null, percent: 101 } }),
        /from 0% to 100%, not 101%/,
      );
      await assert.rejects(
        set({ maxMove: -1, chunkSize: 0.5 }),
        /chunk size must .*; max-move must/,
      );
      await assert.rejects(changeBatch(client, batchId, { kind: 'resume' }), /it is not paused/);
      await set({ concurrency: 5 });
      await running.until(({ inFlight }) => inFlight.children === 5);
      await set({ concurrency: 2, tolerance: { count: 7, percent: 3 }, maxMove: 4.5 });
      const { limits } = await running.progress();
      assert.deepEqual(limits, {
        concurrency: 2,
        tolerance: { count: 7, percent: 3 },
        maxMove: 4.5,
        chunkSize: 10,
      });
      hold.open();
      await running.handle.result();
    });
  });

  it('ends orderly when it is cancelled: what is in flight ends, nothing more is started', async () => {
    const hold = gate();
    const batch = scriptedBatch({ total: 100, stateOf: () => 'changed', before: hold.wait });
    await run(batch, { limits: { concurrency: 2, chunkSize: 10 } }, async (running) => {
      await running.until(({ inFlight }) => inFlight.children === 2);
      await changeBatch(client, running.input.batchId, { kind: 'cancel' });
      for (;;) {
        const { events } = await running.handle.fetchHistory();
        if (events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes)) break;
      }
      hold.open();
      await running.failure();
      const { status } = await running.handle.describe();
      assert.equal(status.name, 'CANCELLED');
      assert.equal(batch.started.length, 2);
      assert.deepEqual(
        batch.finished.map(({ status: ended, counts }) => [ended, counts.changed]),
        [['cancelled', 20]],
      );
    });
  });

  describe('fails when more items fail than are tolerated,', () => {
    const failing = (every: number) => (position: number) =>
      position % every === 0 ? ('failed' as const) : ('changed' as const);

    it('by count: it starts no more, and sums up', async () => {
      const batch = scriptedBatch({ total: 1000, stateOf: failing(10) });
      const limits = { concurrency: 1, chunkSize: 10, tolerance: { count: 5, percent: null } };
      await run(batch, { limits }, async ({ failure }) => {
        const cause = await failure();
        assert.equal((cause as { type?: string }).type, 'BATCH_TOLERANCE_EXCEEDED');
        assert.match(
          cause.message,
          /6 of 1000 items failed: 0 unchanged, 54 changed, 0 written, 6 failed \(ANALYSES_MISSING 6\)\. Results: s3:/,
        );
        assert.equal(batch.started.length, 6);
        assert.equal(batch.finished[0]?.counts.failed, 6);
      });
    });

    it('by percent of all items, not of those that were done first', async () => {
      const stateOf = (position: number) => (position <= 6 ? 'failed' : 'unchanged');
      const limits = { concurrency: 1, chunkSize: 5, tolerance: { count: null, percent: 5 } };
      const few = scriptedBatch({ total: 120, stateOf });
      await run(few, { limits }, async ({ handle }) => {
        const { counts } = (await handle.result()) as RescoreBatchResult;
        assert.equal(counts.failed, 6);
      });
      const many = scriptedBatch({ total: 119, stateOf });
      await run(many, { limits }, async ({ failure }) => {
        assert.equal(((await failure()) as { type?: string }).type, 'BATCH_TOLERANCE_EXCEEDED');
        assert.equal(many.started.length, 2);
      });
    });

    it('but goes on where more is tolerated while the last ones end', async () => {
      const holds = [gate(), gate()];
      const batch = scriptedBatch({
        total: 30,
        stateOf: (position) => (position === 1 ? 'failed' : 'unchanged'),
        before: ({ first }) =>
          (first === 1 ? holds[0] : first === 11 ? holds[1] : undefined)?.wait(),
      });
      await run(batch, { limits: { concurrency: 2, chunkSize: 10 } }, async (running) => {
        await running.until(({ inFlight }) => inFlight.children === 2);
        holds[0]?.open();
        await running.until(({ counts }) => counts.failed === 1);
        const tolerance = { count: 1, percent: null };
        await changeBatch(client, running.input.batchId, { kind: 'set', limits: { tolerance } });
        holds[1]?.open();
        const { counts } = (await running.handle.result()) as RescoreBatchResult;
        assert.deepEqual(counts, { unchanged: 29, changed: 0, written: 0, failed: 1 });
      });
    });

    it('also where a whole child fails: its items count, each', async () => {
      const batch = scriptedBatch({ total: 30 });
      const { rescoreFromAnalyses } = batch.activities;
      batch.activities.rescoreFromAnalyses = (chunk) =>
        chunk.first === 11
          ? Promise.reject(ApplicationFailure.nonRetryable('refused', 'DATABASE_REJECTED'))
          : rescoreFromAnalyses(chunk);
      const limits = { chunkSize: 10, tolerance: { count: 10, percent: null } };
      await run(batch, { limits }, async ({ handle, progress }) => {
        const { counts } = (await handle.result()) as RescoreBatchResult;
        assert.deepEqual([counts.failed, counts.unchanged], [10, 20]);
        assert.deepEqual((await progress()).failureCodes, { DATABASE_REJECTED: 10 });
      });
    });
  });

  it('lets what is in flight end where a page cannot be read, and counts it', async () => {
    const hold = gate();
    const batch = scriptedBatch({ total: 60, stateOf: () => 'changed', before: hold.wait });
    const { readBatchPage } = batch.activities;
    batch.activities.readBatchPage = (input) =>
      input.firstPosition > 1 ? denied() : readBatchPage(input);
    const limits = { concurrency: 3, chunkSize: 10 };
    await run(batch, { pageSize: 20, limits }, async ({ handle, failure }) => {
      while (!(await hasFailedStep(handle))) continue;
      hold.open();
      assert.equal(((await failure()) as { type?: string }).type, 'STORAGE_DENIED');
      assert.deepEqual(
        batch.finished.map(({ status, counts }) => [status, counts.changed]),
        [['failed', 20]],
      );
    });
  });

  it('keeps the cause of its end where the report cannot be written, and shows it as ended', async () => {
    const batch = scriptedBatch({ total: 30, stateOf: () => 'changed', movedTooFar: 5 });
    batch.activities.finishBatch = denied;
    await run(batch, {}, async ({ failure, input, progress }) => {
      const cause = await failure();
      assert.equal((cause as { type?: string }).type, 'BATCH_MOVES_TOO_FAR');
      assert.match(cause.message, /5 of 30 .*There is no report: STORAGE_DENIED, scripted/);
      assert.equal((await progress()).status, 'failed');
      assert.equal(await standingOfBatch(client, input.batchId), 'failed');
    });
    await run(batch, { acceptMoves: true }, async ({ failure }) => {
      assert.equal(((await failure()) as { type?: string }).type, 'STORAGE_DENIED');
    });
  });

  it('is shown as ended where it was terminated', async () => {
    const hold = gate();
    const batch = scriptedBatch({ total: 30, before: hold.wait });
    await run(batch, {}, async ({ handle, input, progress, until }) => {
      await until(({ inFlight }) => inFlight.children > 0);
      assert.equal(await standingOfBatch(client, input.batchId), 'running');
      await handle.terminate();
      hold.open();
      assert.equal(await standingOfBatch(client, input.batchId), 'failed');
      assert.equal((await progress()).status, 'failed');
      const { database } = await freshDatabase();
      const { batchId, source, dryRun, reason, requestedBy } = input;
      const asked = { batchId, source, dryRun, reason, requestedBy, workflowId: 'w' };
      const ledger = createBatchLedger(database);
      await ledger.open(asked, CURRENT, 30);
      await ledger.open({ ...asked, batchId: 'ffffffffffff' }, CURRENT, 30);
      const batches = createWebBatches(database, client, 'no queue');
      assert.equal((await batches.find(batchId))?.status, 'failed');
      const listed = (await batches.list(10)).map(({ status }) => status);
      assert.deepEqual(listed, ['failed', 'failed'], 'one is forgotten');
    });
  });

  it('looks up after each page without items: it can be cancelled, and goes on as a new run', async () => {
    const batch = scriptedBatch({ emptyPages: Infinity });
    await run(batch, { eventsPerRun: 60 }, async ({ handle, input, failure }) => {
      const first = (await handle.describe()).runId;
      while ((await handle.describe()).runId === first) continue;
      await changeBatch(client, input.batchId, { kind: 'cancel' });
      await failure();
      assert.equal((await handle.describe()).status.name, 'CANCELLED');
      assert.deepEqual(
        batch.finished.map(({ status }) => status),
        ['cancelled'],
      );
    });
  });

  it('goes on as a new run with everything it knew, pause and changed limits included', async () => {
    const hold = gate();
    const batch = scriptedBatch({
      total: 400,
      stateOf: (position) => (position === 7 ? 'failed' : 'changed'),
      before: ({ first, phase }) => (phase === 'plan' && first > 250 ? hold.wait() : undefined),
    });
    const limits = { concurrency: 2, chunkSize: 10, tolerance: { count: 1, percent: null } };
    await run(batch, { eventsPerRun: 60, pageSize: 50, limits }, async (running) => {
      const { handle, input } = running;
      const first = (await handle.describe()).runId;
      await running.until(
        ({ inFlight, doneInPhase }) => inFlight.children === 2 && doneInPhase >= 240,
      );
      assert.notEqual((await handle.describe()).runId, first);
      await changeBatch(client, input.batchId, { kind: 'set', limits: { concurrency: 3 } });
      hold.open();
      const { counts } = (await handle.result()) as RescoreBatchResult;
      assert.deepEqual(counts, { unchanged: 0, changed: 399, written: 399, failed: 1 });
      const { limits: carried } = await running.progress();
      assert.equal(carried.concurrency, 3);
      const keys = batch.started.map(({ phase, first: at }) => `${phase} ${at}`);
      assert.equal(new Set(keys).size, keys.length, 'no chunk ran twice');
    });
  });
});
