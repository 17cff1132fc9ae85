import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { migrate } from '../../src/adapters/migrations.ts';
import { createScoringStore } from '../../src/adapters/postgres-scorings.ts';
import { openDatabase, type Database } from '../../src/adapters/postgres.ts';
import type { SaveScoreInput } from '../../src/contract.ts';
import { startCuttingProxy } from '../support/cutting-proxy.ts';
import { downMigration, migrationsFrom } from '../support/down-migrations.ts';
import { exampleResult } from '../support/example-result.ts';
import { freshDatabase } from '../support/services.ts';

const digest = () => randomBytes(32).toString('hex');

function inputFor(key = `user-audio-file/482/${digest()}.wav`, version = 'v'): SaveScoreInput {
  return {
    scoringId: digest(),
    upload: { bucket: 'user-audio-file', key, versionId: version, etag: 'e', sequencer: null },
    lesson: { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 1 },
    ids: { userId: '482', contentTypeId: null, objectId: null },
    sentence: 'It was good.',
    workflowId: 'score-x',
    runId: 'run-1',
    startedAtMs: Date.now(),
    resultKey: 'score-y',
  };
}

describe('exactly one row', () => {
  let database: Database;
  let url: string;
  before(async () => ({ database, url } = await freshDatabase()));

  const rowsOf = async ({ upload }: SaveScoreInput) => ({
    ours: await database.query(
      'select id, status, attempts, application_row_id, updated_at from elocute.scoring where object_key = $1',
      [upload.key],
    ),
    application: await database.query('select * from app_userpronunciation where audio_file = $1', [
      upload.key,
    ]),
  });
  const failureOf = (input: SaveScoreInput) => ({
    ...input,
    userId: '482',
    code: 'AUDIO_DAMAGED' as const,
    message: 'truncated',
  });

  for (const [what, save] of [
    ['a score', (store, input) => store.saveScore(input, exampleResult())],
    ['a failure', (store, input) => store.saveFailure(failureOf(input))],
  ] satisfies [
    string,
    (store: ReturnType<typeof createScoringStore>, input: SaveScoreInput) => Promise<unknown>,
  ][]) {
    it(`stands where the connection broke after the commit of ${what}; the retry changes nothing`, async () => {
      const proxy = await startCuttingProxy(url);
      const through = openDatabase({ connectionString: proxy.url, poolSize: 1 });
      try {
        const store = createScoringStore(through);
        const input = inputFor();
        proxy.cutNextCommit();
        await assert.rejects(save(store, input), { code: 'DATABASE_UNAVAILABLE' });
        assert.equal(proxy.cuts(), 1);
        const committed = await rowsOf(input);
        assert.equal(committed.ours.length, 1, 'it was committed all the same');
        const retried = (await save(store, input)) as { changed: boolean };
        assert.equal(retried.changed, false);
        const after = await rowsOf(input);
        assert.deepEqual(after, committed);
        assert.equal(after.application.length, 1);
      } finally {
        await through.close();
      }
    });
  }

  it('stands where many workers save one scoring at the same time, each on connections of its own', async () => {
    const input = inputFor();
    const workers = Array.from({ length: 4 }, () =>
      openDatabase({ connectionString: url, poolSize: 4 }),
    );
    try {
      const saved = await Promise.all(
        Array.from({ length: 32 }, (_, index) => {
          const store = createScoringStore(workers[index % 4] ?? assert.fail());
          return index % 3 === 0
            ? store.saveFailure(failureOf({ ...input, runId: 'run-0' }))
            : store.saveScore(input, exampleResult());
        }),
      );
      // The failure may come before the score, and be replaced by it; nothing else is written.
      assert.ok([1, 2].includes(saved.filter(({ changed }) => changed).length));
      assert.equal(new Set(saved.map(({ applicationRowId }) => applicationRowId)).size, 1);
      const { ours, application } = await rowsOf(input);
      assert.deepEqual([ours.length, application.length], [1, 1]);
      assert.equal(ours[0]?.['status'], 'completed');
      assert.equal(application[0]?.['status'], 'completed');
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
    }
  });

  it('is held by the primary key alone where another writer does not ask for the lock', async () => {
    const input = inputFor();
    const store = createScoringStore(database);
    // What another writer has written and not committed yet: nobody sees it, and nobody may pass it.
    const saving = await database.transaction(async (query) => {
      await insertRaw(query, input);
      const started = store.saveScore(input, exampleResult()).catch((error: unknown) => error);
      for (;;) {
        const waiting = await query(
          `select 1 from pg_locks where locktype = 'transactionid' and not granted`,
        );
        if (waiting.length > 0) return { started };
      }
    });
    assert.equal(((await saving.started) as { code?: string }).code, 'DATABASE_UNAVAILABLE');
    const { ours, application } = await rowsOf(input);
    assert.deepEqual([ours.length, application.length], [1, 0], 'its own row was taken back');
    assert.equal((await store.saveScore(input, exampleResult())).changed, true);
    const after = await rowsOf(input);
    assert.deepEqual([after.ours.length, after.application.length], [1, 1]);
  });

  it('is what the unique keys allow: one scoring per upload, one per row of the application', async () => {
    const input = inputFor();
    const { applicationRowId } = await createScoringStore(database).saveScore(
      input,
      exampleResult(),
    );
    await assert.rejects(insertRaw(database.query, { ...input, scoringId: digest() }), {
      code: 'DATABASE_REJECTED',
      message: /23505.*"scoring_upload"/,
    });
    const unversioned = inputFor();
    unversioned.upload.versionId = null;
    await insertRaw(database.query, unversioned);
    await assert.rejects(insertRaw(database.query, { ...unversioned, scoringId: digest() }), {
      message: /23505.*"scoring_upload"/,
    });
    await assert.rejects(insertRaw(database.query, inputFor(), applicationRowId), {
      message: /23505.*"scoring_application_row"/,
    });
    // The same names in another bucket are another upload.
    const elsewhere = { ...input, scoringId: digest() };
    elsewhere.upload = { ...input.upload, bucket: 'another-bucket' };
    await insertRaw(database.query, elsewhere);
  });

  it('says how it ended: no score without a result, no failure without its code', async () => {
    const input = inputFor();
    await insertRaw(database.query, input);
    const set = (assignments: string) =>
      database.query(`update elocute.scoring set ${assignments} where id = $1`, [input.scoringId]);
    for (const contradiction of [
      `status = 'completed'`,
      `failure_code = null`,
      `result = '{}'`,
      `status = 'superseded', failure_code = null`,
      `status = 'superseded', result = '{}'`,
      `status = 'scoring'`,
    ]) {
      await assert.rejects(set(contradiction), { message: /23514/ }, contradiction);
    }
    await set(`status = 'superseded', failure_code = 'UPLOAD_GONE'`);
    await set(`status = 'superseded', failure_code = null, result = '{}'`);
    await set(`status = 'completed'`);
  });
});

describe('the migration to superseded uploads', () => {
  it('keeps what stood there, and can be undone', async () => {
    const { database, url } = await freshDatabase();
    const later = migrationsFrom('0004_superseded-uploads').reverse();
    for (const name of later) await database.query(downMigration(name));
    await database.query('delete from elocute.migration where name = any($1)', [later]);
    const rows = ['a', 'b', 'c'].map((version) => inputFor('key', version));
    for (const row of rows) await insertRaw(database.query, row, '7');
    const [replaced, longer, odd] = rows.map(({ scoringId }) => scoringId);
    const set = (id: string | undefined, sequencer: string, code: string, second: number) =>
      database.query(
        `update elocute.scoring set sequencer = $2, failure_code = $3,
           finished_at = to_timestamp($4) where id = $1`,
        [id, sequencer, code, second],
      );
    await set(replaced, '0062E99A88DC407460', 'UPLOAD_REPLACED', 1);
    await set(longer, '0062E99A88DC4074600062E99A88DC407460', 'AUDIO_DAMAGED', 2);
    await set(odd, 'unordered', 'UPLOAD_GONE', 3);
    assert.deepEqual(await migrate(url), later.toReversed());
    const read = () =>
      database.query(
        `select status, sequencer, application_row_id from elocute.scoring order by version_id`,
      );
    const padded = `0062e99a88dc407460${'0'.repeat(14)}`;
    assert.deepEqual(await read(), [
      { status: 'superseded', sequencer: padded, application_row_id: null },
      {
        status: 'failed',
        sequencer: '0062e99a88dc4074600062e99a88dc407460',
        application_row_id: null,
      },
      { status: 'superseded', sequencer: null, application_row_id: '7' },
    ]);
    for (const name of later) await database.query(downMigration(name));
    assert.deepEqual(
      (await read()).map(({ status }) => status as string),
      ['failed', 'failed', 'failed'],
    );
  });
});

/** A failure as it stands in our table, without the application's row. */
async function insertRaw(
  query: Database['query'],
  { scoringId, upload, lesson }: SaveScoreInput,
  applicationRowId: string | null = null,
): Promise<void> {
  await query(
    `insert into elocute.scoring (id, bucket, object_key, version_id, etag, content_type, level, title,
       line, user_id, status, failure_code, workflow_id, run_id, application_row_id, started_at)
     values ($1, $2, $3, $4, $5, $6, 1, $7, 1, '482', 'failed', 'TIMED_OUT', 'w', 'r', $8, now())`,
    [
      scoringId,
      upload.bucket,
      upload.key,
      upload.versionId,
      upload.etag,
      lesson.contentType,
      lesson.title,
      applicationRowId,
    ],
  );
}
