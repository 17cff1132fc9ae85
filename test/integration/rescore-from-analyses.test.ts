import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { createFinishBatch } from '../../src/activities/finish-batch.ts';
import { createJudgePlan } from '../../src/activities/judge-plan.ts';
import { createOpenBatch } from '../../src/activities/open-batch.ts';
import { createReadBatchPage } from '../../src/activities/read-batch-page.ts';
import { createRescoreFromAnalyses } from '../../src/activities/rescore-from-analyses.ts';
import { standardKeyOf } from '../../src/activities/standard-key.ts';
import { createAnalysisStore } from '../../src/adapters/postgres-analyses.ts';
import { createBatchLedger } from '../../src/adapters/postgres-batches.ts';
import { createContentDigests } from '../../src/adapters/postgres-lessons.ts';
import { createRescoringStore } from '../../src/adapters/postgres-rescoring.ts';
import { findBatches, listBatches } from '../../src/adapters/postgres-stored-batches.ts';
import type { Database } from '../../src/adapters/postgres.ts';
import { createBatchObjects } from '../../src/adapters/s3-batches.ts';
import {
  batchFolder,
  type BatchPhase,
  type BatchSource,
  type OpenBatchInput,
  type ReadBatchPageInput,
} from '../../src/batches/batch.ts';
import { ElocuteError } from '../../src/failures.ts';
import { scoreRecording } from '../../src/scoring/score.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { classifyUpload } from '../../src/uploads/classify-upload.ts';
import {
  keepScoring,
  lessonLexicon,
  olderBy,
  STANDARD_BUCKET,
  type KeepOptions,
  type KeptScoring,
} from '../support/kept-scorings.ts';
import { LocalS3 } from '../support/local-s3.ts';
import { freshDatabase } from '../support/services.ts';

const never = new AbortController().signal;
const RESULTS = 'user-audio-file';

describe('rescoring from kept analyses', function () {
  this.timeout(60_000);
  let database: Database;
  const s3 = new LocalS3();
  let client: ReturnType<LocalS3['client']>;
  before(async () => {
    ({ database } = await freshDatabase());
    await s3.start();
    client = s3.client();
  });
  after(() => s3.remove());
  beforeEach(() =>
    database.query(
      'truncate elocute.scoring, elocute.analysis, elocute.recording_digest, elocute.batch, app_userpronunciation cascade',
    ),
  );

  const keep = (options: KeepOptions) => keepScoring(database, options);

  function activities(score = scoreRecording) {
    const batches = {
      ledger: createBatchLedger(database),
      rescoring: createRescoringStore(database),
      objects: createBatchObjects(client, RESULTS),
    };
    const deps = {
      batches,
      analyses: createAnalysisStore(database),
      lexicon: lessonLexicon,
      settings: { standardBucket: STANDARD_BUCKET, keyRoot: 'standard-audio-file', maxBytes: 1 },
    };
    return {
      batches,
      deps,
      openBatch: createOpenBatch(deps),
      readBatchPage: createReadBatchPage(deps),
      rescore: createRescoreFromAnalyses(deps, score),
      judgePlan: createJudgePlan(deps),
      finishBatch: createFinishBatch(deps),
    };
  }

  const opening = (source: BatchSource): OpenBatchInput => ({
    batchId: randomBytes(6).toString('hex'),
    source,
    dryRun: false,
    reason: 'new formula',
    requestedBy: 'operator',
    workflowId: 'batch-x',
  });
  const page = (
    { batchId, source }: OpenBatchInput,
    overrides: Partial<ReadBatchPageInput> = {},
  ): ReadBatchPageInput => ({
    batchId,
    phase: 'plan',
    source,
    cursor: null,
    firstPosition: 1,
    pageSize: 100,
    chunkSize: 20,
    ...overrides,
  });

  /** Opens a batch of these and runs one phase after the other over all its items. */
  async function openWith(ids: string[], score?: typeof scoreRecording) {
    const own = activities(score);
    const input = opening({ kind: 'ids', ids });
    await own.openBatch(input, never);
    await own.readBatchPage(page(input), never);
    const chunk = { batchId: input.batchId, first: 1, last: ids.length };
    const run = (phase: BatchPhase) => own.rescore({ ...chunk, phase }, never);
    const items = () => own.batches.ledger.items(input.batchId, 1, ids.length);
    return { ...own, input, run, items };
  }

  const rowOf = async ({ id }: KeptScoring) => {
    const [row] = await database.query<{ result: ScoringResult; formula_version: string }>(
      'select result, formula_version, attempt_kind from elocute.scoring where id = $1',
      [id],
    );
    return row ?? assert.fail('no row');
  };
  const applicationRow = async (id: string) => {
    const [row] = await database.query(
      'select pitch_similarity, feedback, status from app_userpronunciation where id = $1',
      [id],
    );
    return row;
  };

  it('plans without changing any score, and finds what an older formula scored otherwise', async () => {
    const same = await keep({ index: 1 });
    const older = await keep({ index: 2, older: olderBy(4) });
    let computed = 0;
    const { run, items, judgePlan, input } = await openWith([same.id, older.id], (one) => {
      computed += 1;
      return scoreRecording(one);
    });
    const planned = await run('plan');
    assert.deepEqual(planned.counts, { unchanged: 1, changed: 1, written: 0, failed: 0 });
    assert.deepEqual(await run('plan'), planned, 'the second time nothing is different');
    assert.equal(computed, 2, 'nor is anything computed again');
    const [first, second] = await items();
    assert.deepEqual([first?.state, first?.move], ['unchanged', 0]);
    assert.equal(second?.state, 'changed');
    assert.equal(second.move, 4);
    assert.equal(second.before?.formula, '1');
    assert.notEqual(second.after?.formula, '1');
    assert.equal((await rowOf(older)).formula_version, '1');
    assert.deepEqual(await judgePlan({ batchId: input.batchId, maxMove: 3.9 }), {
      changed: 1,
      movedTooFar: 1,
      largestMove: 4,
    });
    const { movedTooFar } = await judgePlan({ batchId: input.batchId, maxMove: 4 });
    assert.equal(movedTooFar, 0);
  });

  it('writes our row, the application’s row and the record of the change once', async () => {
    const older = await keep({
      index: 2,
      older: (result) => ({ ...olderBy(4)(result), pitchSimilarity: 0.001 }),
    });
    const { run, input, deps } = await openWith([older.id]);
    await run('plan');
    const written = await run('write');
    assert.deepEqual(written.counts, { unchanged: 0, changed: 0, written: 1, failed: 0 });
    assert.deepEqual(await run('write'), written);
    const row = await rowOf(older);
    assert.notEqual(row.formula_version, '1');
    assert.equal(row.result.overall, (older.result.overall ?? 0) - 4);
    const shown = await applicationRow(older.applicationRowId);
    assert.equal(shown?.['pitch_similarity'], row.result.pitchSimilarity);
    const changes = await database.query<{
      before: { overall: number };
      after: { overall: number };
      versions_before: { formula: string };
    }>('select * from elocute.score_change where scoring_id = $1', [older.id]);
    assert.equal(changes.length, 1);
    assert.equal(changes[0]?.before.overall, older.result.overall);
    assert.equal(changes[0].after.overall, row.result.overall);
    assert.equal(changes[0].versions_before.formula, '1');
    // A second batch finds everything as it should be, by the score that was kept with this one.
    const again = await openWith([older.id]);
    assert.equal((await again.run('plan')).counts.unchanged, 1);
    assert.notEqual(again.input.batchId, input.batchId);
    const { engine } = await deps.analyses.getWithEngine(older.keys[0] ?? '');
    assert.match(engine, /soundswallower/);
  });

  it('fails an item whose analyses are gone or that was never scored, and names what is missing', async () => {
    const kept = await keep({ index: 1 });
    const gone = await keep({ index: 2 });
    await database.query('delete from elocute.analysis where key = any($1)', [
      [gone.keys[0], gone.keys[4]],
    ]);
    const nameless = await keep({ index: 3 });
    await database.query(`update elocute.scoring set result = result - 'versions' where id = $1`, [
      nameless.id,
    ]);
    const failed = await keep({ index: 4 });
    await database.query(
      `update elocute.scoring set status = 'failed', result = null, failure_code = 'INTERNAL' where id = $1`,
      [failed.id],
    );
    const unknown = randomBytes(32).toString('hex');
    const { run, items } = await openWith([kept.id, gone.id, nameless.id, failed.id, unknown]);
    const { counts, failureCodes } = await run('plan');
    assert.deepEqual(counts, { unchanged: 1, changed: 0, written: 0, failed: 4 });
    assert.deepEqual(failureCodes, { ANALYSES_MISSING: 2, SCORING_UNKNOWN: 2 });
    assert.deepEqual(
      (await items()).map(({ failureMessage }) => failureMessage),
      [
        null,
        'not kept any more: transcript · learner, phones · standard',
        'the stored result does not name its engines',
        'no completed scoring that may be rescored has this id',
        'no completed scoring that may be rescored has this id',
      ],
    );
  });

  it('uses the standard that was compared with, not the one that lies there now', async () => {
    const scoring = await keep({ index: 2, older: olderBy(3) });
    const key = standardKeyOf(scoring.lesson, 'standard-audio-file');
    const replaced = createHash('sha256').update('replaced').digest('hex');
    await createContentDigests(database).remember(
      { bucket: STANDARD_BUCKET, key, versionId: 'later', etag: null },
      { sha256: replaced, format: 'wav' },
    );
    // All analyses of the new one are kept too, so that it could be taken by mistake.
    const store = createAnalysisStore(database);
    const other = await keep({ index: 7, title: 'Other' });
    const { versions } = scoring.result;
    const sentence = scoring.result.words.length === 0 ? '' : await sentenceOf(scoring);
    for (const [kind, engine, at, text] of [
      ['pitch', versions.standardPitch, 3, null],
      ['alignment', versions.standardAligner, 4, sentence],
    ] as const) {
      const value = await store.get(other.keys[at] ?? '');
      const parts = { kind, engine: engine ?? '', sha256: replaced, sentence: text };
      await store.once(parts, () => Promise.resolve(value), never);
    }
    const proven = await openWith([scoring.id]);
    await proven.run('plan');
    const [item] = await proven.items();
    assert.equal(item?.after?.overall, (scoring.result.overall ?? 0) - 3);
    // Without the kept score nothing says which of the two it was.
    await database.query(`delete from elocute.analysis where kind = 'score'`);
    const unproven = await openWith([scoring.id]);
    await unproven.run('plan');
    const [unknown] = await unproven.items();
    assert.equal(unknown?.failureMessage, 'which of 2 standards it was compared with is not known');
  });

  async function sentenceOf({ id }: KeptScoring): Promise<string> {
    const [row] = await database.query<{ sentence: string }>(
      'select sentence from elocute.scoring where id = $1',
      [id],
    );
    return row?.sentence ?? '';
  }

  it('writes nothing that was not planned: a score that changed since, or another formula', async () => {
    const changed = await keep({ index: 2, older: olderBy(4) });
    const other = await keep({ index: 3, older: olderBy(4) });
    const first = await openWith([changed.id]);
    await first.run('plan');
    await database.query(
      `update elocute.scoring set result = jsonb_set(result, '{overall}', '12.5') where id = $1`,
      [changed.id],
    );
    assert.deepEqual((await first.run('write')).failureCodes, { BATCH_PLAN_STALE: 1 });
    assert.equal((await rowOf(changed)).result.overall, 12.5);

    const second = await openWith([other.id]);
    await second.run('plan');
    const rolled = createRescoreFromAnalyses(second.deps, (input) => {
      const result = scoreRecording(input);
      return { ...result, overall: (result.overall ?? 0) + 1 };
    });
    const chunk = { batchId: second.input.batchId, phase: 'write', first: 1, last: 1 } as const;
    assert.deepEqual((await rolled(chunk, never)).failureCodes, { BATCH_PLAN_STALE: 1 });
    assert.equal((await rowOf(other)).formula_version, '1');
    const changes = await database.query('select * from elocute.score_change');
    assert.deepEqual(changes, []);
    // Nor is a score kept that stands nowhere.
    const scores = await database.query(`select key from elocute.analysis where kind = 'score'`);
    assert.equal(scores.length, 2);
  });

  it('writes over no result that changed between reading and writing it', async () => {
    const scoring = await keep({ index: 2, older: olderBy(4) });
    const { run, items, batches } = await openWith([scoring.id]);
    await run('plan');
    const [item] = await items();
    const found = await batches.rescoring.find(scoring.id);
    assert.ok(item !== undefined && found !== null);
    await database.query(
      `update elocute.scoring set result = jsonb_set(result, '{overall}', '12.5') where id = $1`,
      [scoring.id],
    );
    assert.equal(await batches.rescoring.write(item, found, scoring.result), 'stale');
    assert.equal((await rowOf(scoring)).result.overall, 12.5);
  });

  it('brings back no row that the application deleted, and takes none from a newer scoring', async () => {
    const erased = await keep({ index: 2, older: olderBy(4) });
    await database.query('delete from app_userpronunciation where id = $1', [
      erased.applicationRowId,
    ]);
    const taken = await keep({ index: 3, older: olderBy(4) });
    const newer = await keep({ index: 3 });
    // A row of the application belongs to one scoring: the newer one took it over.
    await database.query('update elocute.scoring set application_row_id = null where id = $1', [
      taken.id,
    ]);
    await database.query('update elocute.scoring set application_row_id = $2 where id = $1', [
      newer.id,
      taken.applicationRowId,
    ]);
    await database.query(`update app_userpronunciation set feedback = 'newer' where id = $1`, [
      taken.applicationRowId,
    ]);
    const { run } = await openWith([erased.id, taken.id]);
    await run('plan');
    assert.equal((await run('write')).counts.written, 2);
    const back = await database.query(
      'select id from app_userpronunciation where audio_file = $1',
      [erased.object.key],
    );
    assert.deepEqual(back, []);
    assert.equal((await applicationRow(taken.applicationRowId))?.['feedback'], 'newer');
  });

  it('is held up by an outage, which fails no item', async () => {
    const scoring = await keep({ index: 2 });
    const { deps, input, items, run } = await openWith([scoring.id]);
    const rescoring = {
      ...deps.batches.rescoring,
      find: () => Promise.reject(new ElocuteError('DATABASE_UNAVAILABLE', 'down')),
    };
    const down = createRescoreFromAnalyses({ ...deps, batches: { ...deps.batches, rescoring } });
    const chunk = { batchId: input.batchId, phase: 'plan', first: 1, last: 1 } as const;
    await assert.rejects(down(chunk, never), { code: 'DATABASE_UNAVAILABLE' });
    assert.deepEqual(
      (await items()).map(({ state }) => state),
      ['waiting'],
    );
    assert.equal((await run('plan')).counts.unchanged, 1);
  });

  it('fails the item alone where the formula cannot score it', async () => {
    const [good, bad] = [await keep({ index: 2 }), await keep({ index: 3 })];
    const { sentence } = { sentence: await sentenceOf(bad) };
    const { run } = await openWith([good.id, bad.id], (input) => {
      if (input.sentence === sentence) throw new TypeError('a bug');
      return scoreRecording(input);
    });
    assert.deepEqual((await run('plan')).failureCodes, { INTERNAL: 1 });
  });

  it('stops between two items when it is cancelled', async () => {
    const scorings = [await keep({ index: 2 }), await keep({ index: 3 })];
    const stop = new AbortController();
    const own = await openWith(
      scorings.map(({ id }) => id),
      (input) => {
        stop.abort();
        return scoreRecording(input);
      },
    );
    const chunk = { batchId: own.input.batchId, phase: 'plan', first: 1, last: 2 } as const;
    await assert.rejects(own.rescore(chunk, stop.signal), { name: 'AbortError' });
    const states = (await own.items()).map(({ state }) => state);
    assert.deepEqual(states, ['unchanged', 'waiting']);
  });

  describe('reads its items', () => {
    /** All pages, each asked for twice as a retry would. */
    async function readAll(source: BatchSource, pageSize: number) {
      const { openBatch, readBatchPage, batches } = activities();
      const input = opening(source);
      const { total } = await openBatch(input, never);
      assert.deepEqual(await openBatch(input, never), { total });
      let cursor: string | null = null;
      let firstPosition = 1;
      let pages = 0;
      do {
        const asked = page(input, { cursor, firstPosition, pageSize, chunkSize: 3 });
        const answer = await readBatchPage(asked, never);
        assert.deepEqual(await readBatchPage(asked, never), answer);
        ({ cursor, nextPosition: firstPosition } = answer);
        pages += 1;
      } while (cursor !== null);
      const items = await batches.ledger.items(input.batchId, 1, firstPosition);
      return { total, pages, ids: items.map(({ scoringId }) => scoringId) };
    }

    it('from a filter, in pages', async () => {
      const kept = [];
      for (let index = 0; index < 7; index += 1) {
        const older = index < 3 ? { older: olderBy(1) } : {};
        kept.push(await keep({ index, title: index % 2 === 0 ? 'Even' : 'Odd', ...older }));
      }
      const idsOf = (scorings: KeptScoring[]) => scorings.map(({ id }) => id).sort();
      const all = await readAll({ kind: 'filter', filter: { contentType: 'novel', level: 2 } }, 3);
      assert.deepEqual(all, { total: 7, pages: 3, ids: idsOf(kept) });
      const even = await readAll({ kind: 'filter', filter: { title: 'Even' } }, 100);
      assert.deepEqual(even.ids, idsOf(kept.filter((_, index) => index % 2 === 0)));
      const outdated = await readAll({ kind: 'filter', filter: { outdated: true } }, 100);
      assert.deepEqual(outdated.ids, idsOf(kept.slice(0, 3)));
      await database.query(
        `update elocute.scoring set finished_at = '2026-01-01' where id = any($1)`,
        [idsOf(kept.slice(0, 2))],
      );
      const until = '2026-02-01T00:00:00.000Z';
      const early = await readAll({ kind: 'filter', filter: { until } }, 100);
      assert.deepEqual(early.ids, idsOf(kept.slice(0, 2)));
      const late = await readAll({ kind: 'filter', filter: { since: until } }, 100);
      assert.deepEqual(late.ids, idsOf(kept.slice(2)));
      const none = await readAll({ kind: 'filter', filter: { contentType: 'phonics' } }, 100);
      assert.deepEqual(none, { total: 0, pages: 1, ids: [] });
    });

    it('from a file in S3, in ranges, each id once', async () => {
      const ids = Array.from({ length: 9000 }, () => randomBytes(32).toString('hex'));
      const text = [...ids, ids[0], ids[4000]].map((id) => JSON.stringify({ id })).join('\n');
      const key = 'elocute/batches/x/items.jsonl';
      await client.send(new PutObjectCommand({ Bucket: RESULTS, Key: key, Body: text }));
      const object = { bucket: RESULTS, key, versionId: null, etag: null };
      const read = await readAll({ kind: 'file', object }, 1000);
      assert.equal(read.total, 9002);
      assert.deepEqual(read.ids, ids);
    });

    it('from a file, unless it is gone or holds something else', async () => {
      const { openBatch } = activities();
      const open = async (text: string | null) => {
        const key = `elocute/batches/${randomBytes(4).toString('hex')}/items.jsonl`;
        if (text !== null) {
          await client.send(new PutObjectCommand({ Bucket: RESULTS, Key: key, Body: text }));
        }
        const object = { bucket: RESULTS, key, versionId: null, etag: null };
        return openBatch(opening({ kind: 'file', object }), never);
      };
      const invalid = (message: RegExp) => (error: unknown) => {
        assert.ok(error instanceof ElocuteError && error.code === 'BATCH_ITEMS_INVALID');
        assert.match(error.message, message);
        return true;
      };
      const good = JSON.stringify({ id: 'a'.repeat(64) });
      await assert.rejects(open(null), invalid(/the file of items is gone/));
      await assert.rejects(open(`${good}\nnonsense`), invalid(/not JSON \(at byte 74 of/));
      await assert.rejects(open(`${good}\n{"id":"7"}`), invalid(/no "id" of 64 hex digits/));
      await assert.rejects(open('x'.repeat(300_000)), invalid(/a line has no end/));
      assert.deepEqual(await open('\n'), { total: 0 });
      assert.deepEqual(await open(`\n${good}\n\n`), { total: 1 });
    });

    it('from an S3 prefix: the scorings of what lies there now', async () => {
      const kept = [];
      for (let index = 0; index < 5; index += 1) kept.push(await keep({ index, userId: '77' }));
      for (const [index, { id, object }] of kept.entries()) {
        const put = new PutObjectCommand({
          Bucket: object.bucket,
          Key: object.key,
          Body: `recording ${index}`,
        });
        const { ETag } = await client.send(put);
        // The last was replaced since: what lies there now has no scoring yet.
        if (index < 4) {
          await database.query('update elocute.scoring set etag = $2 where id = $1', [
            id,
            ETag?.replaceAll('"', ''),
          ]);
        }
      }
      const prefix = 'user-audio-file/77/';
      const read = await readAll({ kind: 'prefix', bucket: 'user-audio-file', prefix }, 2);
      assert.equal(read.total, 4);
      assert.deepEqual(
        read.ids.sort(),
        kept
          .slice(0, 4)
          .map(({ id }) => id)
          .sort(),
      );
    });
  });

  describe('ends with', () => {
    it('results as JSON lines and a report, the same when it is done twice', async () => {
      const same = await keep({ index: 1 });
      const older = await keep({ index: 2, older: olderBy(4) });
      const unknown = 'f'.repeat(64);
      const { input, run, finishBatch } = await openWith([same.id, older.id, unknown]);
      await run('plan');
      await run('write');
      const counts = { unchanged: 1, changed: 1, written: 1, failed: 1 };
      const finish = {
        batchId: input.batchId,
        status: 'completed',
        failureCode: null,
        counts,
      } as const;
      const folder = batchFolder(input.batchId);
      assert.deepEqual(await finishBatch(finish, never), { results: `s3://${RESULTS}/${folder}` });
      const first = await objectsBelow(folder);
      await finishBatch(finish, never);
      assert.deepEqual(await objectsBelow(folder), first);
      assert.deepEqual(Object.keys(first).sort(), [
        `${folder}batch.json`,
        `${folder}part-00001.jsonl`,
        `${folder}report.json`,
        `${folder}report.md`,
      ]);
      const lines = (first[`${folder}part-00001.jsonl`] ?? '').trim().split('\n');
      const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.deepEqual(
        parsed.map(({ id, outcome, move, code }) => [id, outcome, move, code]),
        [
          [same.id, 'unchanged', 0, undefined],
          [older.id, 'written', 4, undefined],
          [unknown, 'failed', null, 'SCORING_UNKNOWN'],
        ],
      );
      // Whose voice it was stands in the key of a recording, which is in no result.
      assert.doesNotMatch(JSON.stringify(first), /user-audio-file\/482|audio_line/);
      assert.match(first[`${folder}report.md`] ?? '', /2 scorings compared[^]*novel\/2\/Kept\/3/);
      const [stored] = await findBatches(database, input.batchId.slice(0, 8));
      assert.equal(stored?.status, 'completed');
      assert.deepEqual(stored.counts, counts);
      assert.equal(stored.report?.movers[0]?.scoringId, older.id);
      assert.equal((await listBatches(database, 5))[0]?.id, input.batchId);
    });

    it('no report where the batch was never opened', async () => {
      const { finishBatch } = activities();
      const counts = { unchanged: 0, changed: 0, written: 0, failed: 0 };
      const batchId = 'abcdefabcdef';
      await finishBatch({ batchId, status: 'failed', failureCode: 'INTERNAL', counts }, never);
      assert.deepEqual(await objectsBelow(batchFolder(batchId)), {});
    });

    it('objects that are no uploads, whatever prefix and suffix are scored', () => {
      for (const file of ['items.jsonl', 'part-00001.jsonl', 'report.json', 'x.wav']) {
        const classified = classifyUpload(
          {
            bucket: RESULTS,
            key: `${batchFolder('abcdefabcdef')}${file}`,
            versionId: null,
            etag: null,
            sequencer: null,
          } as Parameters<typeof classifyUpload>[0],
          {
            bucket: RESULTS,
            prefix: '',
            suffixes: [],
            root: 'elocute',
            contentTypes: ['batches', 'novel'],
          },
        );
        assert.equal(classified.kind, 'ignored');
      }
    });

    async function objectsBelow(prefix: string): Promise<Record<string, string>> {
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({ Bucket: RESULTS, Prefix: prefix }),
      );
      const found: Record<string, string> = {};
      for (const { Key = '' } of Contents) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: RESULTS, Key }));
        found[Key] = (await Body?.transformToString()) ?? '';
      }
      return found;
    }
  });
});
