import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseProblems, migrate } from '../../src/adapters/migrations.ts';
import { analysisKeyOf, createAnalysisStore } from '../../src/adapters/postgres-analyses.ts';
import { bindLesson, createLessonDirectory } from '../../src/adapters/postgres-lessons.ts';
import { createScoringStore } from '../../src/adapters/postgres-scorings.ts';
import { openDatabase, type Database } from '../../src/adapters/postgres.ts';
import { ElocuteError } from '../../src/failures.ts';
import type { AnalysisKey } from '../../src/activities/ports.ts';
import type { SaveScoreInput } from '../../src/contract.ts';
import { downMigration, migrationsFrom } from '../support/down-migrations.ts';
import { freshDatabase } from '../support/services.ts';
import { exampleResult } from '../support/example-result.ts';

const digest = () => randomBytes(32).toString('hex');
const never = new AbortController().signal;

const MIGRATIONS = migrationsFrom('0001');

function pitchKey(): AnalysisKey {
  return { kind: 'pitch', engine: 'test/1', sha256: digest(), sentence: null };
}

describe('analyses by content', () => {
  let database: Database;
  let url: string;
  before(async () => ({ database, url } = await freshDatabase()));

  it('are computed once for fifty who ask at the same time, in several processes’ pools', async () => {
    const stores = Array.from({ length: 5 }, () => {
      const own = openDatabase({ connectionString: url, poolSize: 3 });
      return { own, store: createAnalysisStore(own) };
    });
    const key = pitchKey();
    let computed = 0;
    const compute = async () => {
      computed += 1;
      await sleep(300);
      return { durationS: 1.5 };
    };
    const results = await Promise.all(
      Array.from({ length: 50 }, async (_, index) =>
        stores[index % 5]?.store.once(key, compute, never),
      ),
    );
    await Promise.all(stores.map(({ own }) => own.close()));
    assert.equal(computed, 1);
    assert.equal(results.filter((result) => result?.cached === false).length, 1);
    assert.ok(results.every((result) => result?.value.durationS === 1.5));
    const claims = await database.query('select * from elocute.analysis_claim');
    assert.deepEqual(claims, []);
  });

  it('are left to the next who asks where computing fails', async () => {
    const store = createAnalysisStore(database);
    const key = pitchKey();
    const failing = () => Promise.reject(new ElocuteError('AUDIO_DAMAGED', 'broken'));
    await assert.rejects(store.once(key, failing, never), { code: 'AUDIO_DAMAGED' });
    const kept = await store.once(key, () => Promise.resolve(7), never);
    assert.deepEqual(kept, { key: analysisKeyOf(key), value: 7, cached: false });
  });

  it('are taken over from a worker that was killed, when its lease has run out', async () => {
    const key = pitchKey();
    await database.query(
      `insert into elocute.analysis_claim values ($1, gen_random_uuid(), now() + interval '1 second')`,
      [analysisKeyOf(key)],
    );
    const kept = await createAnalysisStore(database).once(key, () => Promise.resolve(1), never);
    assert.equal(kept.cached, false);
  });

  it('are read with the engine that made them, or missed loudly', async () => {
    const store = createAnalysisStore(database);
    const { key } = await store.once(pitchKey(), () => Promise.resolve({ durationS: 2 }), never);
    assert.deepEqual(await store.getWithEngine(key), { value: { durationS: 2 }, engine: 'test/1' });
    assert.deepEqual(await store.get(key), { durationS: 2 });
    await assert.rejects(store.getWithEngine('pitch-none'), { code: 'INTERNAL' });
    await assert.rejects(store.get('pitch-none'), { code: 'INTERNAL' });
  });

  it('stop waiting when the activity is cancelled', async () => {
    const key = pitchKey();
    await database.query(
      `insert into elocute.analysis_claim values ($1, gen_random_uuid(), now() + interval '1 minute')`,
      [analysisKeyOf(key)],
    );
    const cancel = new AbortController();
    const waiting = createAnalysisStore(database).once(
      key,
      () => Promise.resolve(1),
      cancel.signal,
    );
    cancel.abort();
    await assert.rejects(waiting, { name: 'AbortError' });
  });

  it('differ by kind, engine, audio and sentence, and by nothing else', () => {
    const key: AnalysisKey = { kind: 'alignment', engine: 'e', sha256: 'a', sentence: 's' };
    const keys = [
      key,
      { ...key, kind: 'pitch' as const },
      { ...key, engine: 'f' },
      { ...key, sha256: 'b' },
      { ...key, sentence: null },
    ];
    assert.equal(new Set(keys.map(analysisKeyOf)).size, keys.length);
    assert.equal(analysisKeyOf(key), analysisKeyOf({ ...key }));
  });
});

describe('outcomes', () => {
  let database: Database;
  before(async () => ({ database } = await freshDatabase()));

  const inputFor = (key: string): SaveScoreInput => ({
    scoringId: digest(),
    upload: { bucket: 'user-audio-file', key, versionId: 'v', etag: 'e', sequencer: '01' },
    lesson: { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 1 },
    ids: { userId: '482', contentTypeId: '7', objectId: '9' },
    sentence: 'It was good.',
    workflowId: 'score-x',
    runId: 'run-1',
    startedAtMs: Date.now(),
    resultKey: 'score-y',
  });
  const failureFor = (input: SaveScoreInput, runId = input.runId) => ({
    ...input,
    userId: '482',
    runId,
    code: 'STANDARD_MISSING' as const,
    message: 'no standard',
  });
  const applicationRows = (key: string) =>
    database.query<{ id: string; status: string; feedback: string; mispronounced_words: unknown }>(
      'select id::text, status, feedback, mispronounced_words from app_userpronunciation where audio_file = $1',
      [key],
    );

  it('make one row of ours and one of the application, however often they are saved', async () => {
    const store = createScoringStore(database);
    const input = inputFor('user-audio-file/482/a.wav');
    const first = await store.saveScore(input, exampleResult());
    const second = await store.saveScore(input, exampleResult());
    assert.equal(first.changed, true);
    assert.deepEqual(second, { ...first, changed: false });
    const rows = await applicationRows(input.upload.key);
    assert.equal(rows.length, 1);
    assert.equal(rows[0]?.status, 'completed');
    assert.deepEqual(rows[0].mispronounced_words, exampleResult().mispronouncedWords);
    const ours = await database.query('select * from elocute.scoring where id = $1', [
      input.scoringId,
    ]);
    assert.equal(ours.length, 1);
    assert.deepEqual(ours[0]?.['result'], exampleResult());
  });

  it('make one row however many save at the same time', async () => {
    const store = createScoringStore(database);
    const input = inputFor('user-audio-file/482/same-time.wav');
    const saved = await Promise.all(
      Array.from({ length: 8 }, () => store.saveScore(input, exampleResult())),
    );
    assert.equal(saved.filter(({ changed }) => changed).length, 1);
    assert.equal((await applicationRows(input.upload.key)).length, 1);
  });

  it('update the row that Django has waiting, and keep what Django filled in', async () => {
    const key = 'user-audio-file/482/waiting.wav';
    await database.query(
      `insert into app_userpronunciation (user_id, content_type_id, object_id, audio_file, status, created_at)
       values (5, 6, 7, $1, 'pending', now())`,
      [key],
    );
    await createScoringStore(database).saveScore(inputFor(key), exampleResult());
    const rows = await database.query(
      'select user_id::int, content_type_id, object_id::int, status from app_userpronunciation where audio_file = $1',
      [key],
    );
    assert.deepEqual(rows, [{ user_id: 5, content_type_id: 6, object_id: 7, status: 'completed' }]);
  });

  it('record a failure, and then the score of its replay in the same rows', async () => {
    const store = createScoringStore(database);
    const input = inputFor('user-audio-file/482/replayed.wav');
    const failed = await store.saveFailure(failureFor(input));
    assert.equal((await store.saveFailure(failureFor(input))).changed, false);
    assert.equal((await applicationRows(input.upload.key))[0]?.status, 'failed');
    const scored = await store.saveScore({ ...input, runId: 'run-2' }, exampleResult());
    assert.equal(scored.applicationRowId, failed.applicationRowId);
    const rows = await applicationRows(input.upload.key);
    assert.deepEqual(
      rows.map(({ status }) => status),
      ['completed'],
    );
  });

  it('let no late failure overwrite a score', async () => {
    const store = createScoringStore(database);
    const input = inputFor('user-audio-file/482/late.wav');
    await store.saveScore(input, exampleResult());
    const late = await store.saveFailure(failureFor(input, 'run-9'));
    assert.equal(late.changed, false);
    assert.equal((await applicationRows(input.upload.key))[0]?.status, 'completed');
  });

  it('are kept in our row where the application refuses its own, which names the column alone', async () => {
    const store = createScoringStore(database);
    const input = inputFor('user-audio-file/alice/refused.wav');
    const failure = { ...failureFor(input), userId: 'alice', ids: null };
    const saved = await store.saveFailure(failure);
    assert.deepEqual(saved, { applicationRowId: null, changed: true, status: 'failed' });
    assert.equal((await store.saveFailure(failure)).changed, false);
    assert.deepEqual(await applicationRows(input.upload.key), []);
    const [row] = await database.query(
      'select status, failure_code, failure_message, application_row_id from elocute.scoring where id = $1',
      [input.scoringId],
    );
    assert.deepEqual(row, {
      status: 'failed',
      failure_code: 'STANDARD_MISSING',
      failure_message:
        'no standard; app_userpronunciation refused the row (SQLSTATE 22P02, column "user_id")',
      application_row_id: null,
    });
    // Once the application takes the row, a replay writes both.
    const scored = await store.saveScore({ ...input, runId: 'run-2' }, exampleResult());
    assert.notEqual(scored.applicationRowId, null);
    assert.equal((await applicationRows(input.upload.key))[0]?.status, 'completed');
  });

  it('meet foreign keys that are checked at commit, as Django’s are, before it is too late', async () => {
    const { database: own } = await freshDatabase();
    await own.query('create table auth_user (id integer primary key)');
    await own.query(`alter table app_userpronunciation add constraint learner
      foreign key (user_id) references auth_user (id) deferrable initially deferred`);
    const store = createScoringStore(own);
    const input = inputFor('user-audio-file/482/deleted-learner.wav');
    const refusal = 'app_userpronunciation refused the row (SQLSTATE 23503, constraint "learner")';
    await assert.rejects(store.saveScore(input, exampleResult()), {
      code: 'DATABASE_REJECTED',
      message: refusal,
    });
    const saved = await store.saveFailure(failureFor(input));
    assert.deepEqual(saved, { applicationRowId: null, changed: true, status: 'failed' });
    assert.equal((await store.saveFailure(failureFor(input))).changed, false);
    const rows = await own.query('select failure_message from elocute.scoring');
    assert.deepEqual(rows, [{ failure_message: `no standard; ${refusal}` }]);
    assert.deepEqual(await own.query('select id from app_userpronunciation'), []);
  });

  it('are written whole or not at all', async () => {
    const input = inputFor('user-audio-file/482/whole.wav');
    // The application's column cannot take this user id, so our row must not stand alone.
    const bad = { ...input, ids: { ...input.ids, userId: 'not-a-number' } };
    await assert.rejects(createScoringStore(database).saveScore(bad, exampleResult()), {
      code: 'DATABASE_REJECTED',
      message: 'app_userpronunciation refused the row (SQLSTATE 22P02, column "user_id")',
    });
    const ours = await database.query('select id from elocute.scoring where id = $1', [
      input.scoringId,
    ]);
    assert.deepEqual(ours, []);
  });
});

describe('what PostgreSQL refuses', () => {
  const SECRET = 'alice-private';
  let database: Database;
  before(async () => {
    ({ database } = await freshDatabase());
    await database.query(
      `create table pupil (id int primary key, name varchar(5), age int not null,
         constraint grown check (name <> 'small'))`,
    );
  });

  const refusals: [string, string, unknown[], RegExp][] = [
    ['a value of another type', 'select $1::int', [SECRET], /SQLSTATE 22P02/],
    ['a text too long', 'insert into pupil values (1, $1, 1)', [SECRET], /22001/],
    ['a null', 'insert into pupil (id, name) values (1, $1)', ['bob'], /23502.*"pupil".*"age"/],
    ['a check', `insert into pupil values (1, 'small', 1)`, [], /23514.*"pupil".*"grown"/],
    ['a second key', 'insert into pupil values (7, $1, 1), (7, $1, 1)', ['bob'], /"pupil_pkey"/],
    ['an unknown column', 'select nobody from pupil', [], /42703, column "nobody"/],
  ];
  for (const [what, statement, values, expected] of refusals) {
    it(`is named by state, table, column and constraint, without its values: ${what}`, async () => {
      const error = await database.query(statement, values).then(
        () => assert.fail('it should have been refused'),
        (caught: unknown) => caught,
      );
      assert.ok(error instanceof ElocuteError);
      assert.equal(error.code, 'DATABASE_REJECTED');
      assert.match(error.message, expected);
      for (let one: unknown = error; one instanceof Error; one = one.cause) {
        assert.ok(![SECRET, 'small', 'bob'].some((value) => String(one).includes(value)));
      }
    });
  }
});

describe('the database', () => {
  it('is checked at the start: every missing column is named', async () => {
    const { database } = await freshDatabase();
    assert.deepEqual(await databaseProblems(database), []);
    await database.query(
      'alter table app_userpronunciation drop column feedback, drop column status',
    );
    const [problem = ''] = await databaseProblems(database);
    assert.match(problem, /feedback, status/);
    await database.query('drop table app_userpronunciation');
    await database.query('drop schema elocute cascade');
    assert.equal((await databaseProblems(database)).length, 2);
  });

  it('is migrated once where two run the migrations at the same time', async () => {
    const { url, database } = await freshDatabase();
    await database.query('drop schema elocute cascade');
    const applied = await Promise.all([migrate(url), migrate(url)]);
    assert.deepEqual(applied.flat(), MIGRATIONS);
    assert.deepEqual(await migrate(url), []);
  });

  it('keeps the list of applied migrations out of Django’s schema', async () => {
    const { database } = await freshDatabase();
    const tables = await database.query(
      `select schemaname, tablename from pg_tables where tablename like '%migration%'`,
    );
    assert.deepEqual(tables, [{ schemaname: 'elocute', tablename: 'migration' }]);
  });

  it('that was migrated when the list stood in Django’s schema goes on from there', async () => {
    const { url, database } = await freshDatabase();
    await database.query(`
      alter table elocute.migration set schema public;
      alter table public.migration rename to elocute_migrations;
      delete from public.elocute_migrations where name not like '0001%'`);
    for (const name of MIGRATIONS.slice(1).reverse()) await database.query(downMigration(name));
    assert.match((await databaseProblems(database)).join(), /not applied: 0001.*elocute migrate/);
    assert.deepEqual(await migrate(url), MIGRATIONS.slice(1));
    assert.deepEqual(await databaseProblems(database), []);
  });

  it('that is down is an outage, not a refusal', async () => {
    const database = openDatabase({
      connectionString: 'postgresql://x:y@127.0.0.1:9/none',
      poolSize: 1,
    });
    await assert.rejects(database.query('select 1'), { code: 'DATABASE_UNAVAILABLE' });
    await database.close();
  });
});

describe('the lesson lookup', () => {
  const lesson = { contentType: 'novel', level: 2, title: "It's 1:level", line: 3 };

  it('binds named parameters and leaves casts alone', () => {
    const bound = bindLesson('select :title::text, :level, :line, :titles', lesson);
    assert.deepEqual(bound, {
      text: 'select $1::text, $2, $3, :titles',
      values: [lesson.title, 2, 3],
    });
  });

  it('returns ids and sentence, or null where no row matches', async () => {
    const { database } = await freshDatabase();
    const query = `select 4 as content_type_id, 5 as object_id, :title || '!' as sentence where :line = 3`;
    const directory = createLessonDirectory(database, query);
    assert.deepEqual(await directory.find(lesson), {
      contentTypeId: '4',
      objectId: '5',
      sentence: `${lesson.title}!`,
    });
    assert.equal(await directory.find({ ...lesson, line: 4 }), null);
    assert.equal(await createLessonDirectory(database, undefined).find(lesson), null);
  });
});
