import assert from 'node:assert/strict';
import type { WorkflowHandle } from '@temporalio/client';
import { startScoring } from '../../src/adapters/temporal.ts';
import { ChangeRefused } from '../../src/adapters/temporal-changes.ts';
import { sendReview } from '../../src/adapters/temporal-reviews.ts';
import {
  PROGRESS_QUERY,
  workflowIdFor,
  type SaveScoreInput,
  type ScorePronunciationResult,
  type ScoringProgress,
} from '../../src/contract.ts';
import type { ReviewDecision } from '../../src/contract/review.ts';
import { accept, askingForReview, override, untilReviewing } from '../replay/review-scenarios.ts';
import { scriptedActivities, scriptedInput, SUMMARY } from '../support/scripted-worker.ts';
import { inSkippedTime, type SkippingWorld } from '../support/time-skipping.ts';

const DAY_MS = 86_400_000;
const id = 'c'.repeat(64);

/** One scoring that waits for a review of at most 90 days. */
async function waiting(
  test: (world: SkippingWorld, handle: WorkflowHandle, saves: SaveScoreInput[]) => Promise<void>,
  held: Promise<void> = Promise.resolve(),
): Promise<void> {
  const saves: SaveScoreInput[] = [];
  const base = scriptedActivities({
    saveScore: async (input) => {
      saves.push(input);
      await held;
      return { applicationRowId: '1', changed: true };
    },
    saveFailure: async () => {
      await held;
      return { applicationRowId: '1', changed: true };
    },
  });
  await inSkippedTime(askingForReview(base), async (world) => {
    await startScoring(world.client, world.taskQueue, scriptedInput(id));
    const handle = world.client.workflow.getHandle(workflowIdFor(id));
    await untilReviewing(handle);
    await test(world, handle, saves);
  });
}

const resultOf = (handle: WorkflowHandle) => handle.result() as Promise<ScorePronunciationResult>;

describe('a scoring that waits months for a teacher', function () {
  this.timeout(120_000);

  it('saves nothing for 89 days; then the teacher’s scores are saved, with who and why', async () => {
    await waiting(async ({ client, nowMs, skip }, handle, saves) => {
      const began = await nowMs();
      await skip(89 * DAY_MS);
      assert.ok((await nowMs()) - began >= 89 * DAY_MS);
      assert.equal((await untilReviewing(handle)).status, 'reviewing');
      assert.equal(saves.length, 0);
      const answer = await sendReview(client, id, override);
      assert.equal(answer.decision, 'overridden');
      assert.deepEqual(answer.before, SUMMARY);
      assert.deepEqual(answer.after, { ...SUMMARY, overall: 90, fluency: 88 });
      const result = await resultOf(handle);
      assert.equal(result.kind, 'completed');
      assert.deepEqual(result.summary, answer.after);
      assert.equal(saves.length, 1);
      const { decidedAtMs, ...review } = saves[0]?.review ?? assert.fail();
      assert.ok(decidedAtMs - began >= 89 * DAY_MS);
      assert.deepEqual(review, {
        ...{ decision: 'overridden', reviewer: 't-17', reason: 'a cold, not an accent' },
        scores: { overall: 90, fluency: 88 },
      });
    });
  });

  it('lets the machine’s score stand after 90 days without one', async () => {
    await waiting(async ({ skip }, handle, saves) => {
      await skip(91 * DAY_MS);
      const result = await resultOf(handle);
      assert.deepEqual(result.summary, SUMMARY);
      assert.equal(saves[0]?.review?.decision, 'timed_out');
    });
  });

  it('refuses what makes no sense, and whoever comes second; the same decision again is one', async () => {
    await waiting(async ({ client }, handle, saves) => {
      const nonsense = { ...override, scores: { overall: 101 }, reason: ' ' } as ReviewDecision;
      await assert.rejects(sendReview(client, id, nonsense), (error: Error) => {
        assert.ok(error instanceof ChangeRefused);
        assert.match(error.message, /needs a reason; overall must be a number from 0 to 100/);
        return true;
      });
      const first = await sendReview(client, id, accept);
      assert.deepEqual(await sendReview(client, id, accept), first);
      await resultOf(handle);
      await assert.rejects(sendReview(client, id, override), ChangeRefused);
      assert.equal(saves.length, 1);
      assert.equal(saves[0]?.review?.decision, 'accepted');
    });
  });

  it('refuses another decision while the first is still being saved', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await waiting(async ({ client }, handle, saves) => {
      await sendReview(client, id, accept);
      await assert.rejects(sendReview(client, id, override), /it was accepted already/);
      release();
      assert.deepEqual((await resultOf(handle)).summary, SUMMARY);
      assert.equal(saves[0]?.review?.decision, 'accepted');
    }, held);
  });

  it('refuses a decision once somebody has cancelled the scoring, while that is being saved', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await waiting(async ({ client }, handle) => {
      await handle.cancel();
      const status = async () => (await handle.query<ScoringProgress>(PROGRESS_QUERY)).status;
      while ((await status()) !== 'failed') continue;
      await assert.rejects(sendReview(client, id, override), /does not wait for a review/);
      release();
      await assert.rejects(resultOf(handle));
    }, held);
  });
});
