import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { createTokens, type TokenOptions } from '../../src/adapters/json-web-tokens.ts';
import { freePort } from '../../src/local/free-port.ts';
import { createLog } from '../../src/log.ts';
import { startWeb } from '../../src/web.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

const APP = 'https://app.example.org';

/** What an application's sign-in service publishes, and the private key that belongs to it. */
interface Published {
  kid: string;
  algorithm: 'EdDSA' | 'RS256';
  privateKey: CryptoKey;
  jwk: object;
}

async function newKey(kid: string, algorithm: Published['algorithm']): Promise<Published> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
  return { kid, algorithm, privateKey, jwk };
}

function tokenOf({ kid, algorithm, privateKey }: Published, expires = '5m'): Promise<string> {
  return new SignJWT({ role: 'learner' })
    .setProtectedHeader({ alg: algorithm, kid })
    .setSubject('7')
    .setIssuer('elocute')
    .setAudience('elocute')
    .setExpirationTime(expires)
    .sign(privateKey);
}

describe('keys that are published at an address', function () {
  this.timeout(60_000);
  let server: Server;
  let keysUrl: string;
  let published: Published[] = [];
  let answerWith = 200;
  let asked = 0;
  before(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      response.writeHead(answerWith, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ keys: published.map(({ jwk }) => jwk) }));
    });
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    keysUrl = `http://127.0.0.1:${port}/jwks.json`;
  });
  beforeEach(() => {
    answerWith = 200;
  });
  after(() => void server.close());

  const optionsOf = (algorithm: Published['algorithm'], url = keysUrl): TokenOptions => ({
    ...{ algorithm, secret: undefined, keysUrl: url },
    ...{ issuer: 'elocute', audience: 'elocute', cooldownMs: 0 },
  });

  for (const algorithm of ['EdDSA', 'RS256'] as const) {
    it(`check tokens of ${algorithm}, and no others`, async () => {
      const key = await newKey('1', algorithm);
      const other = await newKey('1', algorithm);
      const unknown = await newKey('2', algorithm);
      published = [key];
      const tokens = createTokens(optionsOf(algorithm));
      assert.equal(tokens.sign, null);
      const good = await tokens.verify(await tokenOf(key));
      assert.ok('principal' in good);
      assert.deepEqual(good.principal, {
        role: 'learner',
        userId: '7',
        users: null,
        lessons: null,
      });
      assert.deepEqual(await tokens.verify(await tokenOf(other)), {
        refused: 'its signature is wrong',
      });
      assert.deepEqual(await tokens.verify(await tokenOf(unknown)), {
        refused: 'its key is none of ours',
      });
      assert.deepEqual(await tokens.verify(await tokenOf(key, '-5m')), {
        refused: 'it has expired',
      });
      // The public key as an HMAC secret: the oldest trick.
      const forged = await new SignJWT({ role: 'operator', sub: 'ops' })
        .setProtectedHeader({ alg: 'HS256', kid: '1' })
        .setIssuer('elocute')
        .setAudience('elocute')
        .setExpirationTime('5m')
        .sign(new TextEncoder().encode(JSON.stringify(key.jwk)));
      assert.deepEqual(await tokens.verify(forged), {
        refused: 'its algorithm is not the configured one',
      });
    });
  }

  it('are fetched again for a token of a new key, and the old one counts no more', async () => {
    const [old, fresh] = [await newKey('old', 'EdDSA'), await newKey('fresh', 'EdDSA')];
    published = [old];
    const tokens = createTokens(optionsOf('EdDSA'));
    assert.ok('principal' in (await tokens.verify(await tokenOf(old))));
    const before = asked;
    assert.ok('principal' in (await tokens.verify(await tokenOf(old))));
    assert.equal(asked, before, 'they are kept');
    published = [fresh];
    assert.ok('principal' in (await tokens.verify(await tokenOf(fresh))));
    assert.equal(asked, before + 1);
    assert.ok('refused' in (await tokens.verify(await tokenOf(old))));
  });

  it('say nothing about a token where they do not answer, or are none', async () => {
    const key = await newKey('1', 'EdDSA');
    published = [key];
    const token = await tokenOf(key);
    const unchecked = async (url: string) => {
      const checked = await createTokens(optionsOf('EdDSA', url)).verify(token);
      assert.ok('unchecked' in checked, JSON.stringify(checked));
      return (checked.unchecked as Error).message;
    };
    assert.match(await unchecked(`http://127.0.0.1:${await freePort()}/`), /^WEB_JWKS_URL: /);
    answerWith = 500;
    assert.match(await unchecked(keysUrl), /200 OK/);
  });

  describe('in front of a server', () => {
    let web: WebWorld;
    before(async () => {
      web = await openWebWorld({
        worker: false,
        starter: false,
        environment: { WEB_CORS_ORIGINS: APP },
      });
    });
    after(() => web.close());

    const post = (body: Record<string, string>, origin: string | null = APP, more = {}) =>
      fetch(`${web.origin}/sign-in`, {
        method: 'POST',
        headers: { ...(origin === null ? {} : { origin }), ...more },
        body: new URLSearchParams(body),
      });

    it('answers 503 and not 401 while the keys do not answer, to pages too', async () => {
      const stop = new AbortController();
      const key = await newKey('1', 'EdDSA');
      published = [key];
      const config = {
        ...web.config,
        ...{ WEB_JWT_ALGORITHM: 'EdDSA' as const, WEB_JWKS_URL: keysUrl },
        WEB_PORT: await freePort(),
      };
      const own = await startWeb(config, createLog('web', 'silent'), stop.signal);
      try {
        answerWith = 500;
        const headers = { authorization: `Bearer ${await tokenOf(key)}` };
        const get = (path: string, given: Record<string, string> = headers) =>
          fetch(`${own.origin}${path}`, { headers: given });
        const refused = await get('/api/v1/scorings');
        assert.equal(refused.status, 503);
        assert.equal(((await refused.json()) as { code: string }).code, 'KEYS_UNAVAILABLE');
        assert.equal((await get('/practice')).status, 503);
        assert.equal((await get('/practice', {})).status, 401, 'who shows none signs in first');
        assert.equal((await get('/healthz')).status, 200);
        answerWith = 200;
        assert.equal((await get('/api/v1/scorings')).status, 200);
        // Where nothing can be signed, a form of the application signs in.
        assert.equal((await get('/sign-in?code=a')).status, 404);
        const signedIn = await fetch(`${own.origin}/sign-in`, {
          method: 'POST',
          headers: { origin: APP },
          body: new URLSearchParams({ token: await tokenOf(key), next: '/practice' }),
        });
        assert.equal(signedIn.status, 200, await signedIn.clone().text());
        const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';');
        assert.equal((await get('/practice', { cookie })).status, 200);
      } finally {
        stop.abort();
        await own.done;
      }
    });

    it('signs in by a token from a form, for as long as the token lives', async () => {
      const token = await web.tokenFor({ userId: '7' }, 300);
      const answer = await post({ token, next: '/practice?line=1&title=A+Breath' });
      const text = await answer.text();
      assert.equal(answer.status, 200, text);
      assert.match(text, /content="0; url=\/practice\?line=1&amp;title=A\+Breath"/);
      const cookie = answer.headers.get('set-cookie') ?? '';
      const [, maxAge = ''] =
        /^elocute=[\w.-]+; Path=\/; Max-Age=(\d+); HttpOnly; SameSite=Strict$/.exec(cookie) ?? [];
      assert.ok(Number(maxAge) > 250 && Number(maxAge) <= 300, cookie);
      const [pair = ''] = cookie.split(';');
      const home = await web.call('/', { as: null, headers: { cookie: pair } });
      assert.match(home.text, /Signed in as 7 \(learner\)/);
      const authorization = `Bearer ${token}`;
      assert.equal((await post({}, web.origin, { authorization })).status, 200);
      const long = await web.tokenFor({ userId: '7' }, 30 * 24 * 3600);
      assert.match((await post({ token: long })).headers.get('set-cookie') ?? '', /Max-Age=43200;/);
    });

    it('lets no other page sign anybody in, and takes no token that the API would not take', async () => {
      const token = await web.tokenFor({ userId: '7' });
      for (const origin of ['https://evil.example', 'null', null]) {
        const answer = await post({ token }, origin);
        assert.deepEqual(
          [answer.status, answer.headers.get('set-cookie')],
          [403, null],
          origin ?? '',
        );
      }
      const expired = await web.tokenFor({ userId: '7' }, -120);
      for (const one of [expired, 'abc', 'a;b', '']) {
        const answer = await post({ token: one });
        assert.deepEqual([answer.status, answer.headers.get('set-cookie')], [401, null], one);
      }
      assert.equal((await post({ token, next: '//evil.example' })).status, 400);
      const users = Array.from({ length: 2000 }, (_, index) => String(index));
      const large = await web.tokenFor({ role: 'teacher', users });
      assert.equal((await post({ token: large })).status, 400, 'no browser keeps such a cookie');
    });

    it('reads forms nowhere else', async () => {
      const response = await fetch(`${web.origin}/api/v1/replays`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await web.tokenFor({ role: 'operator' })}` },
        body: new URLSearchParams({ ids: '1' }),
      });
      assert.equal(response.status, 415);
    });
  });
});
