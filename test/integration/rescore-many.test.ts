import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { startBatch } from '../../src/adapters/temporal-batches.ts';
import {
  batchWorkflowId,
  chunkWorkflowId,
  type RescoreBatchResult,
} from '../../src/batches/batch.ts';
import { batchInput, scriptedBatch } from '../support/scripted-batch.ts';
import { scriptedActivities, scriptedWorker } from '../support/scripted-worker.ts';
import { temporalClient } from '../support/services.ts';

const ITEMS = 10_000;
/** Fewer than 500 chunks write, so that it goes on in new runs more than once. */
const EVENTS_PER_RUN = 800;
/** Temporal ends a workflow at 51,200 events. */
const MOST_EVENTS = 1500;
/** A run's history, which every replay of it loads. */
const MOST_BYTES = 2 * 1024 * 1024;
/** What 10,000 items may add to the whole process: worker, sandboxes and test. */
const MOST_GROWTH_BYTES = 400 * 1024 * 1024;

describe('a batch of 10,000 items', function () {
  this.timeout(300_000);

  it('runs in bounded histories and memory, and does each item once', async () => {
    const batch = scriptedBatch({
      total: ITEMS,
      stateOf: (position) => (position % 100 === 0 ? 'changed' : 'unchanged'),
    });
    const client = await temporalClient();
    const worker = await scriptedWorker(scriptedActivities(batch.activities));
    await worker.run(async () => {
      const before = process.memoryUsage.rss();
      let most = before;
      const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 200);
      const input = batchInput(randomBytes(6).toString('hex'), {
        limits: { concurrency: 16 },
        eventsPerRun: EVENTS_PER_RUN,
      });
      const started = performance.now();
      await startBatch(client, worker.taskQueue, input, 'rescore · 10,000');
      const workflowId = batchWorkflowId(input.batchId);
      const result = (await client.workflow.getHandle(workflowId).result()) as RescoreBatchResult;
      clearInterval(watch);
      const seconds = (performance.now() - started) / 1000;
      assert.deepEqual(result.counts, { unchanged: 9900, changed: 100, written: 100, failed: 0 });
      const done = batch.started.reduce(
        (sum, { phase, first, last }) => sum + (phase === 'plan' ? last - first + 1 : 0),
        0,
      );
      assert.equal(done, ITEMS);

      const runs = [];
      const closed = client.workflow.list({ query: `WorkflowId = "${workflowId}"` });
      // Visibility follows the histories by a moment.
      const deadline = performance.now() + 30_000;
      for (;;) {
        assert.ok(performance.now() < deadline, `visibility shows ${runs.length} runs`);
        runs.length = 0;
        for await (const one of closed) runs.push(one);
        if (runs.length > 1 && runs.every(({ status }) => status.name !== 'RUNNING')) break;
      }
      const sizes = runs.map(({ historyLength, historySize }) => ({ historyLength, historySize }));
      assert.ok(runs.length >= 2, 'one run would not show that it goes on');
      for (const { historyLength, historySize } of sizes) {
        assert.ok(historyLength <= MOST_EVENTS, `${historyLength} events`);
        assert.ok((historySize ?? 0) <= MOST_BYTES, `${historySize ?? 0} bytes`);
      }
      const child = client.workflow.getHandle(chunkWorkflowId(input.batchId, 'plan', 1));
      const { historyLength } = await child.describe();
      assert.ok(historyLength <= 15, `${historyLength} events of a child`);
      const growth = most - before;
      assert.ok(growth <= MOST_GROWTH_BYTES, `${Math.round(growth / 1e6)} MB`);
      process.stderr.write(
        `      ${seconds.toFixed(0)} s, ${runs.length} runs of at most ${Math.max(...sizes.map((size) => size.historyLength))} events and ${Math.max(...sizes.map((size) => size.historySize ?? 0))} bytes, ${Math.round(growth / 1e6)} MB more\n`,
      );
    });
  });
});
