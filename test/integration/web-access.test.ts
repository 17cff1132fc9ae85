import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { readFileSync } from 'node:fs';
import { SignJWT, UnsecuredJWT } from 'jose';
import { keepScoring, type KeptScoring } from '../support/kept-scorings.ts';
import { putStandard } from '../support/local-world.ts';
import { lessonPair } from '../support/recordings.ts';
import { openWebWorld, TEST_SECRET, type Answer, type WebWorld } from '../support/web-world.ts';
import type { Principal } from '../../src/web/principal.ts';

const lesson = { contentType: 'novel', level: 2, title: 'Kept', line: 1 };
const unknown = 'f'.repeat(64);

describe('who may do what over HTTP', function () {
  this.timeout(180_000);
  let web: WebWorld;
  let own: KeptScoring;
  let others: KeptScoring;

  before(async () => {
    web = await openWebWorld({ worker: false, starter: false });
    const pair = lessonPair(16);
    await putStandard(web.world, lesson, readFileSync(pair.standard), pair.sentence);
    own = await keepScoring(web.world.database, { index: 0, userId: '11' });
    others = await keepScoring(web.world.database, { index: 1, userId: '12' });
    assert.notEqual(own.id, others.id);
  });
  after(() => web.close());

  const newUpload = { lesson, contentType: 'audio/wav', sizeBytes: 1000 };
  const people: Record<string, Partial<Principal> | null> = {
    nobody: null,
    anna: { role: 'learner', userId: '11' },
    ben: { role: 'learner', userId: '12' },
    teacherOfAnna: { role: 'teacher', userId: 'lee', users: ['11'] },
    teacherOfOtherLesson: { role: 'teacher', userId: 'kim', lessons: ['novel/2/Other'] },
    teacherOfAll: { role: 'teacher', userId: 'park' },
    operator: { role: 'operator', userId: 'ops' },
  };
  /** Expected answers in the order of `people`. */
  const matrix: [string, () => string, object | undefined, number[]][] = [
    ['GET', () => `/api/v1/scorings/${own.id}`, undefined, [401, 200, 404, 200, 404, 200, 200]],
    ['GET', () => `/api/v1/scorings/${others.id}`, undefined, [401, 404, 200, 404, 404, 200, 200]],
    ['GET', () => `/api/v1/scorings/${unknown}`, undefined, [401, 404, 404, 404, 404, 404, 404]],
    [
      'GET',
      () => `/api/v1/scorings/${own.id}/events`,
      undefined,
      [401, 200, 404, 200, 404, 200, 200],
    ],
    [
      'GET',
      () => `/api/v1/scorings/${own.id}/recordings/standard`,
      undefined,
      [401, 302, 404, 302, 404, 302, 302],
    ],
    // Its recording was never put into the bucket.
    [
      'GET',
      () => `/api/v1/scorings/${own.id}/recordings/learner`,
      undefined,
      [401, 404, 404, 404, 404, 404, 404],
    ],
    ['GET', () => '/api/v1/scorings', undefined, [401, 200, 200, 200, 200, 200, 200]],
    ['GET', () => '/api/v1/lessons', undefined, [401, 200, 200, 200, 200, 200, 200]],
    [
      'GET',
      () => '/api/v1/lessons/novel/2/Kept/1/audio',
      undefined,
      [401, 302, 302, 302, 302, 302, 302],
    ],
    [
      'GET',
      () => '/api/v1/lessons/novel/2/Kept/77/audio',
      undefined,
      [401, 404, 404, 404, 404, 404, 404],
    ],
    ['POST', () => '/api/v1/uploads', newUpload, [401, 201, 201, 403, 403, 403, 400]],
    [
      'POST',
      () => '/api/v1/uploads',
      { ...newUpload, userId: '11' },
      [401, 201, 400, 403, 403, 403, 201],
    ],
    ['GET', () => '/api/v1/standards/findings', undefined, [401, 403, 403, 200, 200, 200, 200]],
    [
      'POST',
      () => '/api/v1/replays',
      { filter: { codes: ['SPEECH_DENIED'] }, dryRun: true },
      [401, 403, 403, 403, 403, 403, 200],
    ],
    ['POST', () => '/api/v1/replays', { ids: [unknown] }, [401, 403, 403, 403, 403, 403, 404]],
    ['GET', () => '/api/v1/batches', undefined, [401, 403, 403, 403, 403, 403, 200]],
    ['GET', () => '/api/v1/batches/0123456789ab', undefined, [401, 403, 403, 403, 403, 403, 404]],
    [
      'POST',
      () => '/api/v1/batches',
      { source: { kind: 'filter', filter: {} } },
      [401, 403, 403, 403, 403, 403, 400],
    ],
    [
      'PATCH',
      () => '/api/v1/batches/0123456789ab',
      { action: 'pause' },
      [401, 403, 403, 403, 403, 403, 409],
    ],
    ['GET', () => '/healthz', undefined, [200, 200, 200, 200, 200, 200, 200]],
    ['GET', () => '/readyz', undefined, [200, 200, 200, 200, 200, 200, 200]],
    ['GET', () => '/api/v1/openapi.json', undefined, [200, 200, 200, 200, 200, 200, 200]],
    ['GET', () => '/', undefined, [200, 200, 200, 200, 200, 200, 200]],
    ['GET', () => '/nowhere', undefined, [404, 404, 404, 404, 404, 404, 404]],
  ];

  for (const [method, path, body, expected] of matrix) {
    const address = path.toString().replaceAll(/^\(\)\s*=>\s*|[`"'$]/g, '');
    const sent = body === undefined ? '' : ` with ${Object.keys(body).join(', ')}`;
    it(`answers ${method} ${address}${sent} as the role allows`, async () => {
      const statuses: Record<string, number> = {};
      for (const [name, as] of Object.entries(people)) {
        const answer = await web.call(path(), {
          method,
          as,
          ...(body === undefined ? {} : { body }),
        });
        statuses[name] = answer.status;
        assert.ok(!/\n\s+at /.test(answer.text), 'no stack trace');
      }
      const wanted = Object.keys(people).map((name, index) => [name, expected[index]]);
      assert.deepEqual(statuses, Object.fromEntries(wanted));
    });
  }

  it('answers the same for what is not there and for what is somebody else’s', async () => {
    const strip = ({ json }: Answer) => ({ ...json, requestId: '' });
    const as = { userId: '11' };
    const theirs = await web.call(`/api/v1/scorings/${others.id}`, { as });
    const none = await web.call(`/api/v1/scorings/${unknown}`, { as });
    assert.deepEqual(strip(theirs), strip(none));
  });

  it('lists only what somebody may see, whatever the filters say', async () => {
    const idsOf = async (as: Partial<Principal>, query = '') => {
      const { json } = await web.call(`/api/v1/scorings${query}`, { as });
      return (json['scorings'] as { id: string }[]).map(({ id }) => id).toSorted();
    };
    const both = [own.id, others.id].toSorted();
    assert.deepEqual(await idsOf({ userId: '11' }), [own.id]);
    assert.deepEqual(await idsOf({ userId: '11' }, '?user=12'), []);
    assert.deepEqual(await idsOf({ role: 'teacher', users: ['12'] }), [others.id]);
    assert.deepEqual(await idsOf({ role: 'teacher', users: [] }), []);
    assert.deepEqual(await idsOf({ role: 'teacher', lessons: ['novel/2/Kept'] }), both);
    assert.deepEqual(await idsOf({ role: 'teacher', lessons: ['novel/2/Kep'] }), []);
    assert.deepEqual(await idsOf({ role: 'operator' }), both);
    assert.deepEqual(await idsOf({ role: 'operator' }, '?user=12&status=completed'), [others.id]);
  });

  it('lets a learner look at own uploads only, whatever the upload id claims', async () => {
    const created = await web.call('/api/v1/uploads', {
      method: 'POST',
      as: { userId: '11' },
      body: newUpload,
    });
    const { links } = created.json as unknown as { links: { self: string } };
    assert.equal((await web.call(links.self, { as: { userId: '11' } })).json['status'], 'waiting');
    assert.equal((await web.call(links.self, { as: { userId: '12' } })).status, 404);
    const forged = Buffer.from(
      JSON.stringify(['x'.repeat(22), 1, '../ben', 'novel', 2, 'Kept', 1, 'wav']),
    );
    const path = `/api/v1/uploads/${forged.toString('base64url')}`;
    assert.equal((await web.call(path, { as: { role: 'operator' } })).status, 404);
  });

  describe('tokens', () => {
    const key = new TextEncoder().encode(TEST_SECRET);
    const good = () =>
      new SignJWT({ role: 'operator' })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('ops')
        .setIssuer('elocute')
        .setAudience('elocute')
        .setExpirationTime('5m');
    const claims = { role: 'operator', sub: 'ops', iss: 'elocute', aud: 'elocute' };
    const in5m = Math.floor(Date.now() / 1000) + 300;
    const byHand = (header: object, payload: object) => {
      const text = [header, payload]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      return `${text}.${createHmac('sha512', key).update(text).digest('base64url')}`;
    };
    const bad: Record<string, () => Promise<string> | string> = {
      'of algorithm none': () =>
        new UnsecuredJWT({ role: 'operator' })
          .setSubject('ops')
          .setIssuer('elocute')
          .setAudience('elocute')
          .setExpirationTime('5m')
          .encode(),
      'of another algorithm with the right key': () =>
        byHand({ alg: 'HS512' }, { ...claims, exp: in5m }),
      'that has expired': () => good().setExpirationTime('-2m').sign(key),
      'without an expiry': () => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key),
      'for another audience': () => good().setAudience('other').sign(key),
      'of another issuer': () => good().setIssuer('other').sign(key),
      'of another key': () => good().sign(new TextEncoder().encode('x'.repeat(40))),
      'not valid yet': () => good().setNotBefore('5m').sign(key),
      'of no role that there is': () =>
        new SignJWT({ ...claims, role: 'root', exp: in5m })
          .setProtectedHeader({ alg: 'HS256' })
          .sign(key),
      'whose user would climb out of a folder': () => good().setSubject('../ben').sign(key),
      'that is a one-time link': () => good().setAudience('elocute:sign-in').setJti('1').sign(key),
      'that is no token': () => 'abc.def',
      'that is far too long': () => `a.${'b'.repeat(9000)}.c`,
    };
    for (const [what, make] of Object.entries(bad)) {
      it(`refuses one ${what}`, async () => {
        const token = await make();
        const headers = { authorization: `Bearer ${token}` };
        const answer = await web.call('/api/v1/batches', { as: null, headers });
        assert.equal(answer.status, 401);
        assert.equal(answer.json['code'], 'UNAUTHENTICATED');
        assert.equal(answer.headers.get('www-authenticate'), 'Bearer');
        assert.ok(!answer.text.includes(token));
      });
    }

    it('takes a good one, and one that expired within the skew of clocks', async () => {
      for (const expires of ['5m', '-30s']) {
        const token = await good().setExpirationTime(expires).sign(key);
        const headers = { authorization: `Bearer ${token}` };
        assert.equal((await web.call('/api/v1/batches', { as: null, headers })).status, 200);
      }
    });

    it('in a cookie counts for pages of this server only', async () => {
      const cookie = `elocute=${await web.tokenFor({ role: 'operator', userId: 'ops' })}`;
      const body = { filter: { codes: ['SPEECH_DENIED'] }, dryRun: true };
      const post = (headers: Record<string, string>) =>
        web.call('/api/v1/replays', { method: 'POST', as: null, body, headers });
      assert.equal(
        (await web.call('/api/v1/batches', { as: null, headers: { cookie } })).status,
        200,
      );
      assert.equal((await post({ cookie, origin: web.origin })).status, 200);
      for (const origin of ['https://evil.example', 'null']) {
        const answer = await post({ cookie, origin });
        assert.deepEqual([answer.status, answer.json['code']], [403, 'ORIGIN_REFUSED']);
      }
      assert.equal((await post({ cookie })).status, 403);
      // A bad token in the header is not mended by a good cookie.
      const both = await post({ cookie, origin: web.origin, authorization: 'Bearer no' });
      assert.equal(both.status, 401);
    });
  });

  describe('hostile requests', () => {
    const operator = { role: 'operator', userId: 'ops' } as const;

    it('names every field that is wrong', async () => {
      const body = { lesson: { ...lesson, level: 'two', extra: 1 }, contentType: 5 };
      const answer = await web.call('/api/v1/uploads', { method: 'POST', body });
      assert.equal(answer.status, 400);
      const fields = (answer.json['errors'] as { field: string }[]).map((e) => e.field);
      for (const field of ['body.lesson.level', 'body.contentType', 'body.sizeBytes']) {
        assert.ok(fields.includes(field), `${field} in ${fields.join()}`);
      }
    });

    it('refuses bodies that are too large, no JSON, or of another type', async () => {
      const post = (body: string, type = 'application/json') =>
        web.call('/api/v1/replays', {
          method: 'POST',
          as: operator,
          body,
          headers: { 'content-type': type },
        });
      const codeOf = async (answer: Promise<Answer>) => {
        const { status, json } = await answer;
        return [status, json['code']];
      };
      const large = JSON.stringify({ reason: 'x'.repeat(70_000) });
      assert.deepEqual(await codeOf(post(large)), [413, 'BODY_TOO_LARGE']);
      assert.deepEqual(await codeOf(post('{"ids": [')), [400, 'REQUEST_INVALID']);
      assert.deepEqual(await codeOf(post('a=b', 'text/plain')), [415, 'CONTENT_TYPE_UNKNOWN']);
      assert.deepEqual(await codeOf(post('<a/>', 'text/xml')), [415, 'CONTENT_TYPE_UNKNOWN']);
    });

    it('lets no prototype be polluted', async () => {
      for (const body of [
        '{"__proto__": {"dryRun": true}, "filter": {"codes": ["SPEECH_DENIED"]}}',
        '{"constructor": {"prototype": {"admin": true}}, "filter": {"codes": ["SPEECH_DENIED"]}}',
      ]) {
        const answer = await web.call('/api/v1/replays', { method: 'POST', as: operator, body });
        assert.equal(answer.status, 400);
      }
      assert.equal(({} as Record<string, unknown>)['admin'], undefined);
    });

    it('takes filters for values and never for SQL', async () => {
      const tries = [
        "title=' or 1=1 --",
        "title=x'; drop table elocute.scoring; --",
        'title=%25',
        'user=11,12',
      ];
      for (const one of tries) {
        const [name = '', value = ''] = one.split(/=(.*)/s);
        const query = new URLSearchParams({ [name]: value }).toString();
        const answer = await web.call(`/api/v1/scorings?${query}`, { as: operator });
        if (answer.status === 200) assert.deepEqual(answer.json['scorings'], []);
        else assert.equal(answer.status, 400, one);
      }
      assert.equal(
        (await web.call('/api/v1/scorings?since=yesterday', { as: operator })).status,
        400,
      );
      assert.equal((await web.call('/api/v1/scorings?nonsense=1', { as: operator })).status, 400);
      assert.equal((await web.call('/api/v1/scorings?limit=100000', { as: operator })).status, 400);
      assert.equal(
        (await web.call('/api/v1/scorings?user=a&user=b', { as: operator })).status,
        400,
      );
    });

    it('lets nobody climb out of a folder', async () => {
      const paths = [
        '/api/v1/lessons/novel/2/..%2F..%2Fuser-audio-file/1/audio',
        '/api/v1/lessons/..%2Fnovel/2/Kept/1/audio',
        '/api/v1/lessons/novel/2/Kept%00/1/audio',
        '/api/v1/scorings/..%2f..%2fbatches',
        '/api/v1/uploads/..%2f..%2fetc',
      ];
      for (const path of paths) {
        const answer = await web.call(path, { as: operator });
        assert.ok([400, 404].includes(answer.status), `${path}: ${answer.status}`);
      }
      for (const title of ['a/b', '..', 'x\u0000y', 'With_Underscore']) {
        const body = { ...newUpload, lesson: { ...lesson, title } };
        const answer = await web.call('/api/v1/uploads', { method: 'POST', body });
        assert.ok([400, 404].includes(answer.status), `${title}: ${answer.status}`);
      }
    });

    it('does not take a cursor of another list, or a made one', async () => {
      const first = await web.call('/api/v1/scorings?limit=1', { as: operator });
      const cursor = String(first.json['nextCursor']);
      const ok = await web.call(`/api/v1/scorings?limit=1&cursor=${cursor}`, { as: operator });
      assert.equal(ok.status, 200);
      const made = Buffer.from('["aaaaaaaaaaaa",["2026-01-01","x"]]').toString('base64url');
      for (const query of [`level=2&cursor=${cursor}`, `cursor=${made}`, 'cursor=abc']) {
        const answer = await web.call(`/api/v1/scorings?${query}`, { as: operator });
        assert.deepEqual([answer.status, answer.json['code']], [400, 'CURSOR_INVALID']);
      }
    });

    it('answers what is no HTTP with 400, and lives on', async () => {
      const socket = connect(Number(new URL(web.origin).port), '127.0.0.1');
      const answer = await new Promise<string>((resolve) => {
        let text = '';
        socket.on('data', (chunk) => (text += chunk.toString()));
        socket.on('close', () => resolve(text));
        socket.write('NONSENSE\r\n\r\n');
      });
      assert.match(answer, /^HTTP\/1\.1 400/);
      assert.equal((await web.call('/healthz', { as: null })).status, 200);
    });

    it('says in its headers that nothing is framed, guessed or kept', async () => {
      for (const path of ['/', '/api/v1/lessons', '/nowhere']) {
        const { headers } = await web.call(path);
        assert.equal(headers.get('x-content-type-options'), 'nosniff');
        assert.match(
          headers.get('content-security-policy') ?? '',
          /default-src 'none'.*frame-ancestors 'none'/,
        );
        assert.equal(headers.get('referrer-policy'), 'no-referrer');
        assert.equal(headers.get('access-control-allow-origin'), null);
        assert.match(headers.get('cache-control') ?? '', /no-store|private/);
      }
      const { headers, text } = await web.call('/', { as: null });
      const [, nonce = ''] =
        /'nonce-([\w-]+)'/.exec(headers.get('content-security-policy') ?? '') ?? [];
      assert.ok(nonce.length > 20 && text.includes(`nonce="${nonce}"`));
    });
  });

  describe('presigned addresses', () => {
    interface Put {
      url: string;
      headers: Record<string, string>;
    }
    async function presigned(sizeBytes: number): Promise<Put> {
      const body = { ...newUpload, sizeBytes };
      const answer = await web.call('/api/v1/uploads', { method: 'POST', body });
      return (answer.json as unknown as { put: Put }).put;
    }
    const send = async ({ url, headers }: Put, bytes: number) => {
      const response = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(bytes) });
      await response.arrayBuffer();
      return response.status;
    };

    it('take exactly the announced bytes, type and metadata', async () => {
      const put = await presigned(1000);
      assert.equal(put.headers['x-amz-meta-user-id'], '7');
      assert.equal(await send(put, 999), 403);
      assert.equal(await send(put, 1001), 403);
      const other = (headers: Record<string, string>) => ({
        ...put,
        headers: { ...put.headers, ...headers },
      });
      assert.equal(await send(other({ 'content-type': 'text/html' }), 1000), 403);
      assert.equal(await send(other({ 'x-amz-meta-user-id': '12' }), 1000), 403);
      assert.equal(await send(other({ 'x-amz-meta-object-id': '1' }), 1000), 403);
      assert.equal(await send({ ...put, url: put.url.replace('/7/', '/8/') }, 1000), 403);
      assert.equal(await send(put, 1000), 200);
    });

    it('are not given for what nobody would score', async () => {
      const codeOf = async (change: object) => {
        const body = { ...newUpload, ...change };
        const { status, json } = await web.call('/api/v1/uploads', { method: 'POST', body });
        return [status, json['code']];
      };
      assert.deepEqual(await codeOf({ contentType: 'text/html' }), [415, 'AUDIO_UNSUPPORTED']);
      assert.deepEqual(await codeOf({ sizeBytes: 50_000_000 }), [413, 'AUDIO_TOO_LARGE']);
      assert.deepEqual(await codeOf({ sizeBytes: 0 }), [400, 'AUDIO_EMPTY']);
      const elsewhere = { lesson: { ...lesson, line: 99 } };
      assert.deepEqual(await codeOf(elsewhere), [404, 'STANDARD_MISSING']);
      const otherKind = { lesson: { ...lesson, contentType: 'poems' } };
      assert.deepEqual(await codeOf(otherKind), [400, 'KEY_MALFORMED']);
    });
  });
});
