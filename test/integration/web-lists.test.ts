import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createFailedScorings } from '../../src/adapters/postgres-failed-scorings.ts';
import { createReplayLog } from '../../src/adapters/postgres-replays.ts';
import { createScoringReader } from '../../src/adapters/postgres-scoring-reader.ts';
import type { Database } from '../../src/adapters/postgres.ts';
import { chooseReplays } from '../../src/commands/choose-replays.ts';
import { putStandard } from '../support/local-world.ts';
import { openWebWorld, type CallOptions, type WebWorld } from '../support/web-world.ts';

const operator = { role: 'operator', userId: 'ops' } as const;
const silence = new Uint8Array(100);

/** A failed scoring; `at` in microseconds after a fixed time, so that many share a millisecond. */
async function insertScoring(
  database: Database,
  at: number,
  userId = '7',
  code = 'SPEECH_DENIED',
): Promise<string> {
  const id = randomBytes(32).toString('hex');
  await database.query(
    `insert into elocute.scoring (id, bucket, object_key, etag, content_type, level, title, line,
       user_id, status, failure_code, failure_message, workflow_id, run_id, started_at, created_at,
       finished_at)
     values ($1, 'user-audio-file', $1, 'e', 'novel', 2, 'Listed', 1, $3, 'failed', $4,
       'no', 'score-' || left($1, 32), 'run', now(),
       '2026-01-01T00:00:00Z'::timestamptz + make_interval(secs => $2::float8 / 1e6),
       '2026-01-01T00:00:00Z'::timestamptz + make_interval(secs => $2::float8 / 1e6))`,
    [id, at, userId, code],
  );
  return id;
}

describe('the lists of the HTTP API', function () {
  this.timeout(180_000);
  let web: WebWorld;
  let database: Database;
  before(async () => {
    web = await openWebWorld({ worker: false, starter: false });
    ({ database } = web.world);
  });
  after(() => web.close());

  async function pageOf(query: string, options: CallOptions = { as: operator }) {
    const { status, json, text } = await web.call(`/api/v1/scorings?${query}`, options);
    assert.equal(status, 200, text);
    const { scorings, nextCursor } = json as unknown as {
      scorings: { id: string; createdAt: string }[];
      nextCursor: string | null;
    };
    return { ids: scorings.map(({ id }) => id), nextCursor };
  }

  it('miss nothing and double nothing while scorings are added and replayed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.integer({ min: 0, max: 6000 }), { maxLength: 8 }),
        async (times, limit, later) => {
          await database.query('delete from elocute.scoring');
          const there = new Set<string>();
          for (const at of times) there.add(await insertScoring(database, at));
          const seen: string[] = [];
          let cursor = '';
          do {
            const page = await pageOf(`limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`);
            assert.ok(page.ids.length <= limit);
            seen.push(...page.ids);
            cursor = page.nextCursor ?? '';
            // Between two pages: one more anywhere, and one that was replayed.
            const at = later.pop();
            if (at !== undefined) await insertScoring(database, at);
            await database.query(
              `update elocute.scoring set attempts = attempts + 1, finished_at = now()
               where id = (select id from elocute.scoring order by random() limit 1)`,
            );
          } while (cursor !== '');
          assert.equal(new Set(seen).size, seen.length, 'none twice');
          for (const id of there) assert.ok(seen.includes(id), 'none missed');
        },
      ),
      { numRuns: 25 },
    );
  });

  it('order the latest first, also within one millisecond', async () => {
    await database.query('delete from elocute.scoring');
    const ids: string[] = [];
    for (const at of [1, 2, 3, 999, 1001]) ids.unshift(await insertScoring(database, at));
    assert.deepEqual((await pageOf('')).ids, ids);
    const [, second] = await createScoringReader(database).list(
      {},
      { users: null, lessons: null },
      null,
      2,
    );
    assert.match(second?.createdAt ?? '', /\.000999Z$/);
  });

  it('filter by learner, status, code, lesson and time', async () => {
    await database.query('delete from elocute.scoring');
    const mine = await insertScoring(database, 0, '11');
    const other = await insertScoring(database, 5_000_000, '12');
    const both = [other, mine];
    assert.deepEqual((await pageOf('user=11')).ids, [mine]);
    assert.deepEqual((await pageOf('status=failed&code=SPEECH_DENIED')).ids, both);
    assert.deepEqual((await pageOf('status=completed')).ids, []);
    assert.deepEqual((await pageOf('contentType=novel&level=2&title=Listed&line=1')).ids, both);
    assert.deepEqual((await pageOf('title=Other')).ids, []);
    assert.deepEqual((await pageOf('since=2026-01-01T00:00:01Z')).ids, [other]);
    assert.deepEqual((await pageOf('until=2026-01-01T09:00:01%2B09:00')).ids, [mine]);
  });

  it('spend the limit of a replay on what it can help, the started ones last', async () => {
    await database.query('delete from elocute.scoring');
    for (const at of [0, 1, 2]) await insertScoring(database, at, '7', 'AUDIO_DAMAGED');
    const denied: string[] = [];
    for (const at of [3, 4, 5, 6]) denied.push(await insertScoring(database, at));
    // Its new run waits for a teacher: the row stays as it failed.
    await createReplayLog(database).close(await openReplay(denied[0] ?? ''), {
      outcome: 'started',
      how: 'new run',
      step: 'resolveLesson',
      oldRunId: 'run',
      newRunId: 'new',
    });
    const replays = async (limit: number, force = false) => {
      const body = { filter: { since: '2025-12-31T00:00:00Z' }, limit, force, dryRun: true };
      const { json } = await web.call('/api/v1/replays', { method: 'POST', as: operator, body });
      const shown = json['replays'] as { scoringId: string; code: string; outcome: string }[];
      return { shown, more: json['more'] };
    };
    const two = await replays(2);
    assert.deepEqual(
      two.shown.map(({ scoringId, outcome }) => [scoringId, outcome]),
      denied.slice(1, 3).map((id) => [id, 'planned']),
    );
    const all = await replays(4);
    assert.deepEqual(
      [all.shown.map(({ scoringId }) => scoringId), all.more],
      [[...denied.slice(1), denied[0]], false],
    );
    assert.equal((await replays(1, true)).shown[0]?.code, 'AUDIO_DAMAGED');
    const options = { since: '2025-12-31', limit: '2' };
    const { chosen, leftOut } = await chooseReplays([], options, createFailedScorings(database));
    assert.deepEqual(
      chosen.map(({ scoringId }) => scoringId),
      denied.slice(1, 3),
    );
    assert.deepEqual(leftOut, [{ code: 'AUDIO_DAMAGED', count: 3 }]);
  });

  async function openReplay(scoringId: string): Promise<string> {
    const [scoring] = await createFailedScorings(database).find(scoringId);
    const id = await createReplayLog(database).open(scoring ?? assert.fail('there is a row'), {
      requestedBy: 'ops',
      reason: null,
    });
    return id ?? assert.fail('nobody else replays it');
  }

  it('show lesson lines with their sentences, page by page', async () => {
    const lines = [1, 2, 3].map((line) => ({
      contentType: 'novel',
      level: 2,
      title: 'A & B',
      line,
    }));
    for (const lesson of lines) {
      const sentence = lesson.line === 3 ? null : `Line ${lesson.line} <b>.`;
      await putStandard(web.world, lesson, silence, sentence);
    }
    const [first] = lines;
    assert.ok(first !== undefined);
    await putStandard(web.world, { ...first, title: 'Zebra' }, silence, 'Z.');
    interface Page {
      lines: { lesson: object; sentence: string | null; links: { standardAudio: string } }[];
      total: number;
      nextCursor: string | null;
    }
    const get = async (query: string) =>
      (await web.call(`/api/v1/lessons?${query}`)).json as unknown as Page;
    const page = await get('limit=2');
    assert.deepEqual(
      page.lines.map(({ sentence }) => sentence),
      ['Line 1 <b>.', 'Line 2 <b>.'],
    );
    assert.equal(page.total, 4);
    const rest = await get(`limit=2&cursor=${page.nextCursor ?? ''}`);
    assert.deepEqual(
      rest.lines.map(({ sentence }) => sentence),
      [null, 'Z.'],
    );
    assert.equal(rest.nextCursor, null);
    assert.deepEqual((await get('search=ZEB')).total, 1);
    assert.deepEqual((await get('level=3')).lines, []);
    const audio = await web.call(page.lines[0]?.links.standardAudio ?? '');
    assert.equal(audio.status, 302);
    const played = await fetch(audio.headers.get('location') ?? '');
    assert.equal((await played.arrayBuffer()).byteLength, silence.byteLength);
  });

  it('are answered 304 where nothing has changed', async () => {
    const first = await web.call('/api/v1/scorings', { as: operator });
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    assert.equal((await web.call('/api/v1/scorings', { as: operator, headers })).status, 304);
    await insertScoring(database, 1);
    assert.equal((await web.call('/api/v1/scorings', { as: operator, headers })).status, 200);
  });

  it('keep their order from indexes, whoever looks', async () => {
    const plans = [
      'true',
      `user_id = any('{11}')`,
      `content_type = 'novel' and level = 2 and title = 'Listed' and line = 1`,
    ];
    await database.transaction(async (query) => {
      await query('set local enable_seqscan = off');
      for (const where of plans) {
        const rows = await query<{ 'QUERY PLAN': string }>(
          `explain select id from elocute.scoring where ${where} order by created_at desc, id desc limit 50`,
        );
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        assert.match(plan, /scoring_(listed|of_user|of_lesson)/, plan);
      }
      await query('set local enable_bitmapscan = off');
      for (const score of ['overall', 'accuracy', 'fluency', 'prosody']) {
        const points = `(result ->> '${score}')::double precision`;
        const rows = await query<{ 'QUERY PLAN': string }>(
          `explain select id from elocute.scoring
            where result ->> '${score}' is not null and (${points}, id) < (50::double precision, 'f')
            order by ${points} desc, id desc limit 50`,
        );
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        assert.match(plan, new RegExp(`scoring_by_(score|${score})`), plan);
        assert.doesNotMatch(plan, /Sort/, plan);
      }
    });
  });
});

describe('the web process', function () {
  this.timeout(180_000);
  let web: WebWorld;
  before(async () => {
    web = await openWebWorld({
      worker: false,
      starter: false,
      environment: { WEB_RATE_PER_MINUTE: '20', WEB_CORS_ORIGINS: 'https://app.example.org' },
    });
  });
  after(() => web.close());

  it('signs a browser in by a link that works once', async () => {
    const { signInLink } = await import('../../src/commands/token.ts');
    const who = { role: 'learner', userId: '7', users: null, lessons: null } as const;
    const linkTo = (next: string) => signInLink(web.config, web.origin, who, 60, next);
    const open = async (link: string) => {
      const { status, headers } = await web.call(link.slice(web.origin.length), { as: null });
      return { status, headers };
    };
    const link = await linkTo('/practice?lesson=1');
    const first = await open(link);
    assert.deepEqual([first.status, first.headers.get('location')], [303, '/practice?lesson=1']);
    const cookie = first.headers.get('set-cookie') ?? '';
    assert.match(cookie, /^elocute=[\w.-]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    const [pair = ''] = cookie.split(';');
    const home = await web.call('/', { as: null, headers: { cookie: pair } });
    assert.match(home.text, /Signed in as 7 \(learner\)/);
    assert.equal((await open(link)).status, 401);
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example']) {
      assert.equal((await open(await linkTo(next))).status, 400, next);
    }
    const token = await web.tokenFor({});
    assert.equal((await open(`${web.origin}/sign-in?code=${token}`)).status, 401);
  });

  it('lets named origins call the API with a token, and no others', async () => {
    const ask = (origin: string, path = '/api/v1/lessons') =>
      web.call(path, { as: { userId: '8' }, headers: { origin } });
    const named = await ask('https://app.example.org');
    assert.equal(named.headers.get('access-control-allow-origin'), 'https://app.example.org');
    assert.equal(named.headers.get('access-control-allow-credentials'), null);
    const other = await ask('https://evil.example');
    assert.equal(other.headers.get('access-control-allow-origin'), null);
    const page = await ask('https://app.example.org', '/');
    assert.equal(page.headers.get('access-control-allow-origin'), null);
    const preflight = await fetch(`${web.origin}/api/v1/uploads`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.org', 'access-control-request-method': 'POST' },
    });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /authorization/);
  });

  it('limits how often one person asks, and says how long to wait', async () => {
    const as = { userId: '99' };
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => web.call('/api/v1/lessons', { as })),
    );
    const limited = answers.filter(({ status }) => status === 429);
    assert.equal(limited.length, 5);
    const [refused] = limited;
    assert.equal(refused?.json['code'], 'RATE_LIMITED');
    assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/);
    assert.equal((await web.call('/api/v1/lessons', { as: { userId: '98' } })).status, 200);
    assert.equal((await web.call('/healthz', { as })).status, 200);
  });

  interface Readiness {
    status: string;
    checks: Record<string, string>;
  }

  it('is not ready while something behind it does not answer, and answers 503', async () => {
    const ready = async () =>
      (await web.call('/readyz', { as: null })).json as unknown as Readiness;
    assert.equal((await ready()).status, 'ready');
    await web.world.postgresServer.stop();
    try {
      const answer = await web.call('/api/v1/scorings', { as: operator });
      assert.deepEqual([answer.status, answer.json['code']], [503, 'DATABASE_UNAVAILABLE']);
      assert.equal(answer.headers.get('retry-after'), '5');
      let checks = await ready();
      while (checks.status === 'ready') checks = await ready();
      assert.deepEqual(checks.checks, { database: 'no answer', temporal: 'ok', storage: 'ok' });
      assert.equal((await web.call('/healthz', { as: null })).status, 200);
    } finally {
      await web.world.postgresServer.start();
    }
    while ((await ready()).status !== 'ready');
    assert.equal((await web.call('/api/v1/scorings', { as: operator })).status, 200);
  });
});
