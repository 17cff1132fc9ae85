import assert from 'node:assert/strict';
import { createOpenReview } from '../../src/activities/open-review.ts';
import { createSaveFailure } from '../../src/activities/save-failure.ts';
import { createSaveScore } from '../../src/activities/save-score.ts';
import { createAnalysisStore } from '../../src/adapters/postgres-analyses.ts';
import { createBatchLedger } from '../../src/adapters/postgres-batches.ts';
import { createFailedScorings } from '../../src/adapters/postgres-failed-scorings.ts';
import { createRescoringStore } from '../../src/adapters/postgres-rescoring.ts';
import { createReviewStore } from '../../src/adapters/postgres-reviews.ts';
import { createScoringStore } from '../../src/adapters/postgres-scorings.ts';
import {
  findReviews,
  listReviews,
  type StoredReview,
} from '../../src/adapters/postgres-stored-reviews.ts';
import type { Database } from '../../src/adapters/postgres.ts';
import { reviewTable } from '../../src/commands/review-table.ts';
import type { SaveScoreInput } from '../../src/contract.ts';
import type { ReviewEnd } from '../../src/contract/review.ts';
import { exampleResult } from '../support/example-result.ts';
import { CURRENT, keepScoring, type KeptScoring } from '../support/kept-scorings.ts';
import { SUMMARY } from '../support/scripted-worker.ts';
import { freshDatabase } from '../support/services.ts';

const never = new AbortController().signal;
const lesson = { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 1 };
const overridden: ReviewEnd = {
  decision: 'overridden',
  reviewer: 't-17',
  reason: 'a cold',
  scores: { overall: 12.5, prosody: 100 },
  decidedAtMs: Date.UTC(2026, 0, 2),
};

describe('reviews in the database', () => {
  let database: Database;
  before(async () => ({ database } = await freshDatabase()));

  function activities() {
    const deps = {
      analyses: createAnalysisStore(database),
      scorings: createScoringStore(database),
      reviews: { rules: [], timeoutMs: 1, store: createReviewStore(database) },
      notifier: null,
    };
    return {
      deps,
      open: createOpenReview(deps),
      saveScore: createSaveScore(deps),
      saveFailure: createSaveFailure(deps),
    };
  }

  const opening = (scoringId: string, runId = 'run') => ({
    ...{ scoringId, runId, workflowId: 'w', lesson, because: 'overall<90', confidence: 0.5 },
    before: SUMMARY,
    endsAtMs: Date.UTC(2026, 3, 1),
  });
  const reviewOf = async (id: string) => (await findReviews(database, id))[0] ?? assert.fail(id);

  async function inputFor(name: string): Promise<SaveScoreInput> {
    const { key } = await activities().deps.analyses.once(
      { kind: 'score', engine: 'e', sha256: name.repeat(64), sentence: null },
      () => Promise.resolve(exampleResult()),
      never,
    );
    return {
      scoringId: name.repeat(64),
      upload: { bucket: 'b', key: `k/${name}.wav`, versionId: 'v', etag: 'e', sequencer: null },
      lesson,
      ids: { userId: '482', contentTypeId: null, objectId: null },
      sentence: 'It was good.',
      workflowId: 'w',
      runId: 'run',
      startedAtMs: Date.now(),
      resultKey: key,
    };
  }

  it('are asked for once, and hold the learner’s row back until they end', async () => {
    const { open, saveScore } = activities();
    const input = await inputFor('a');
    await open(opening(input.scoringId));
    await open(opening(input.scoringId));
    const waiting = await listReviews(database, false, 10);
    assert.deepEqual(
      waiting.map(({ scoring_id, decision, before }) => [scoring_id, decision, before]),
      [[input.scoringId, null, SUMMARY]],
    );
    const table = reviewTable(waiting).split('\n');
    assert.equal(new Set(table.map((row) => row.length)).size, 1, 'aligned');
    assert.match(
      table[3] ?? '',
      /│ a{12} +│ novel · level 2 · A Breath of Life · line 1 │ .* 0\.50 │/,
    );
    const rows = () => database.query('select status from app_userpronunciation');
    assert.deepEqual(await rows(), []);
    // Whoever waits for the end of a replay reads it here.
    const standing = () => createFailedScorings(database).standing([input.scoringId]);
    const { scoringId, runId } = input;
    assert.deepEqual(await standing(), [{ scoringId, runId, status: 'reviewing', code: null }]);
    const saved = await saveScore({ ...input, review: overridden });
    assert.equal(saved.changed, true);
    assert.equal((await saveScore({ ...input, review: overridden })).changed, false);
    assert.deepEqual(await rows(), [{ status: 'completed' }]);
    assert.deepEqual(await standing(), [{ scoringId, runId, status: 'completed', code: null }]);
  });

  it('keep who decided what, when and why; the scores of our row are the teacher’s', async () => {
    const id = 'a'.repeat(64);
    const [row] = await database.query<{ result: Record<string, unknown> }>(
      'select result from elocute.scoring where id = $1',
      [id],
    );
    const { accuracy, fluency } = exampleResult();
    const scores = { overall: 12.5, accuracy, fluency, prosody: 100 };
    const { overall, prosody } = row?.result ?? {};
    assert.deepEqual([overall, prosody, row?.result['accuracy']], [12.5, 100, accuracy]);
    const teacher = { decidedAtMs: overridden.decidedAtMs, scores: ['prosody', 'overall'] };
    assert.deepEqual(row?.result['teacher'], teacher);
    const review = await reviewOf(id);
    assert.deepEqual(review.after, scores);
    assert.deepEqual(
      [review.decision, review.reviewer, review.reason, review.decided_at?.getTime()],
      ['overridden', 't-17', 'a cold', overridden.decidedAtMs],
    );
  });

  it('end with a scoring that was cancelled, and with a run that was terminated', async () => {
    const { open, saveFailure } = activities();
    const input = await inputFor('b');
    await open(opening(input.scoringId, 'terminated run'));
    await open(opening(input.scoringId));
    const failed = { ...input, userId: '482', code: 'CANCELLED' as const, message: 'cancelled' };
    await saveFailure(failed);
    await saveFailure(failed);
    const ended = await database.query(
      'select decision, after from elocute.review where scoring_id = $1',
      [input.scoringId],
    );
    assert.deepEqual(ended, [
      { decision: 'cancelled', after: null },
      { decision: 'cancelled', after: null },
    ]);
  });

  describe('whose scores a teacher has overridden', () => {
    const rescoring = () => createRescoringStore(database);
    let kept: KeptScoring;
    const end = (decision: string) =>
      database.query(
        `update elocute.review set decision = $2, reviewer = 't-17', reason = 'r', decided_at = now()
         where scoring_id = $1`,
        [kept.id, decision],
      );
    const found = async () => {
      const filter = { title: 'Overridden' };
      const { bucket, key, etag } = kept.object;
      return [
        await rescoring().count(filter, CURRENT),
        (await rescoring().page(filter, CURRENT, '', 10)).length,
        (await rescoring().ofObjects(bucket, [{ key, etag }])).length,
        (await rescoring().find(kept.id)) === null ? 0 : 1,
      ];
    };
    before(async () => {
      kept = await keepScoring(database, { index: 1, title: 'Overridden' });
      await activities().open(opening(kept.id));
    });

    it('are not found by a rescoring: not by filter, not by object, not by id', async () => {
      await end('accepted');
      assert.deepEqual(await found(), [1, 1, 1, 1], 'an accepted score is still a formula’s');
      await end('overridden');
      assert.deepEqual(await found(), [0, 0, 0, 0]);
    });

    it('are not written by a rescoring that had planned them before', async () => {
      await end('accepted');
      const scoring = (await rescoring().find(kept.id)) ?? assert.fail();
      const ledger = createBatchLedger(database);
      const batchId = 'abcdefabcdef';
      const source = { kind: 'ids' as const, ids: [kept.id] };
      await ledger.open(
        { ...{ batchId, source, dryRun: false, reason: null }, requestedBy: 'o', workflowId: 'w' },
        CURRENT,
        1,
      );
      await ledger.add(batchId, 1, [kept.id]);
      const [item] = await ledger.items(batchId, 1, 1);
      const before = { ...SUMMARY, formula: '1', model: null };
      const planned = { ...(item ?? assert.fail()), before, after: before };
      await end('overridden');
      const write = () => rescoring().write(planned, scoring, kept.result);
      assert.equal(await write(), 'stale');
      await end('accepted');
      assert.equal(await write(), 'written');
    });

    it('stay theirs where saving them was refused, and a replay saved them in another run', async () => {
      const { deps, open, saveFailure, saveScore } = activities();
      const input = await inputFor('c');
      await open(opening(input.scoringId));
      const failed = { ...input, userId: '482', code: 'DATABASE_REJECTED', message: 'no' } as const;
      await saveFailure({ ...failed, review: overridden });
      assert.equal((await reviewOf(input.scoringId)).after, null);
      // Reset to saveScore: the decision is carried on, the review is not opened again.
      const replayed = { ...input, runId: 'the run of the replay' };
      await saveScore({ ...replayed, review: overridden });
      const { after, decision, run_id } = (await reviewOf(input.scoringId)) as StoredReview &
        Record<string, unknown>;
      assert.deepEqual(
        [after?.overall, decision, run_id],
        [12.5, 'overridden', 'the run of the replay'],
      );
      assert.equal(
        (await deps.scorings.find(input.scoringId, input.upload)).own?.status,
        'completed',
      );
      assert.equal(await rescoring().find(input.scoringId), null);
    });

    it('are those of the run that the row is from, and of no other', async () => {
      await end('overridden');
      await database.query(`update elocute.scoring set run_id = 'a later run' where id = $1`, [
        kept.id,
      ]);
      assert.deepEqual(await found(), [1, 1, 1, 1]);
    });
  });
});
