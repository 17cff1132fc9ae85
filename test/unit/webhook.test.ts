import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import type { ScorePronunciationInput } from '../../src/contract.ts';
import { handleEvent, noUploads, type StartOutcome } from '../../src/uploads/handle-event.ts';
import {
  startWebhook,
  type RunningWebhook,
  type WebhookLimits,
} from '../../src/uploads/webhook.ts';
import { bodies, recordedRequests } from '../support/store-bodies.ts';

const TOKEN = 'token-of-the-tests-0123456789-abcdef';
const SECRET = 'secret-of-the-tests-0123456789-abcde';
const KEY = 'user-audio-file/7/novel/level_1/한 "T" + 50%/audio_line_1.wav';
const EVENT = JSON.stringify(bodies['MinIO by HTTP']?.({ key: KEY, etag: 'e' }));
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const BEARER = { ...JSON_TYPE, authorization: `Bearer ${TOKEN}` };
const filter = {
  bucket: 'user-audio-file',
  prefix: '',
  suffixes: ['.wav'],
  root: 'user-audio-file',
  contentTypes: ['novel', 'phonics', 'conversation'],
};
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

const signed = (body: string, secret = SECRET) => ({
  ...JSON_TYPE,
  'x-elocute-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});
const basic = (password: string) => ({
  ...JSON_TYPE,
  authorization: `Basic ${Buffer.from(`elocute:${password}`).toString('base64')}`,
});

describe('the webhook', () => {
  let webhook: RunningWebhook | undefined;
  let started: ScorePronunciationInput[];
  let start: (input: ScorePronunciationInput) => Promise<StartOutcome>;

  beforeEach(() => {
    started = [];
    start = (input) => {
      started.push(input);
      return Promise.resolve('started');
    };
  });

  afterEach(async () => {
    await webhook?.close();
    webhook = undefined;
  });

  async function open(
    secrets: { token?: string; secret?: string } = { token: TOKEN, secret: SECRET },
    limits: Partial<WebhookLimits> = {},
  ): Promise<RunningWebhook> {
    const counts = noUploads();
    webhook = await startWebhook({
      host: '127.0.0.1',
      port: 0,
      token: secrets.token,
      secret: secrets.secret,
      handle: (event) =>
        handleEvent(
          event,
          { filter, log, describe: () => Promise.resolve(null), start: (input) => start(input) },
          counts,
        ),
      log,
      limits,
    });
    return webhook;
  }

  const address = (path = '/events') => `http://127.0.0.1:${webhook?.port ?? 0}${path}`;
  const post = (headers: Record<string, string>, body: string = EVENT) =>
    fetch(address(), { method: 'POST', headers, body });
  const reasonOf = async (response: Response) =>
    ((await response.json()) as { reason?: string }).reason ?? '';

  it('starts the scoring of every upload in the event, then answers 200', async () => {
    await open();
    const response = await post(BEARER);
    assert.equal(response.status, 200);
    assert.deepEqual(
      started.map(({ upload }) => upload.key),
      [KEY],
    );
  });

  it('answers only after every start was acknowledged', async () => {
    await open();
    let acknowledge: (outcome: StartOutcome) => void = () => assert.fail('nothing was started');
    const reached = new Promise<void>((resolve) => {
      start = () =>
        new Promise((acknowledged) => {
          acknowledge = acknowledged;
          resolve();
        });
    });
    let answered = false;
    const response = post(BEARER).then((given) => {
      answered = true;
      return given.status;
    });
    await reached;
    // A whole request and its answer pass by meanwhile.
    assert.equal((await fetch(address('/healthz'))).status, 200);
    assert.equal(answered, false);
    acknowledge('duplicate');
    assert.equal(await response, 200);
  });

  it('takes what MinIO and versitygw were recorded to send, with their headers', async () => {
    await open({ token: 'example-token' });
    for (const { headers, body } of recordedRequests('minio')) {
      assert.equal((await post(headers, JSON.stringify(body))).status, 200);
    }
    assert.equal(started.length, 5);
    for (const { headers, body } of recordedRequests('versitygw')) {
      // It sends no token, but Basic where its webhook address holds one.
      const withToken = { ...headers, authorization: basic('example-token').authorization };
      assert.equal((await post(withToken, JSON.stringify(body))).status, 200);
    }
    assert.deepEqual(
      started.slice(5).map(({ upload }) => upload.key),
      started.slice(0, 5).map(({ upload }) => upload.key),
    );
  });

  it('lets in who shows the token, or has signed the body, and nobody else', async () => {
    const cases: [{ token?: string; secret?: string }, Record<string, string>, number][] = [
      [{ token: TOKEN }, BEARER, 200],
      [{ token: TOKEN }, basic(TOKEN), 200],
      [{ token: TOKEN }, JSON_TYPE, 401],
      [{ token: TOKEN }, { ...BEARER, authorization: `Bearer ${TOKEN}x` }, 401],
      [{ token: TOKEN }, { ...BEARER, authorization: `Bearer ${TOKEN.slice(1)}` }, 401],
      [{ token: TOKEN }, { ...BEARER, authorization: TOKEN }, 401],
      [{ token: TOKEN }, basic('x'), 401],
      [{ token: TOKEN }, signed(EVENT), 401],
      [{ secret: SECRET }, signed(EVENT), 200],
      [{ secret: SECRET }, signed(`${EVENT} `), 401],
      [{ secret: SECRET }, signed(EVENT, TOKEN), 401],
      [{ secret: SECRET }, { ...JSON_TYPE, 'x-elocute-signature': 'sha256=' }, 401],
      [{ secret: SECRET }, BEARER, 401],
      [{ secret: SECRET }, JSON_TYPE, 401],
      [{ token: TOKEN, secret: SECRET }, BEARER, 200],
      [{ token: TOKEN, secret: SECRET }, signed(EVENT), 200],
      [{ token: TOKEN, secret: SECRET }, { ...signed(EVENT, TOKEN), ...BEARER }, 401],
      [{ token: TOKEN, secret: SECRET }, { ...signed(EVENT), ...basic('x') }, 401],
    ];
    for (const [index, [secrets, headers, status]] of cases.entries()) {
      await open(secrets);
      started = [];
      assert.equal((await post(headers)).status, status, `case ${index}`);
      assert.equal(started.length, status === 200 ? 1 : 0, `case ${index}`);
      await webhook?.close();
    }
  });

  it('answers 400 with the reason to what it cannot understand', async () => {
    await open();
    const response = await post(BEARER, '{"Records":[]}');
    assert.equal(response.status, 400);
    assert.match(await reasonOf(response), /^Records: /);
    const text = await post(BEARER, 'no JSON');
    assert.equal(text.status, 400);
    assert.equal(await reasonOf(text), 'the body is not JSON');
  });

  it('answers 503 with Retry-After where a start fails, so that the sender tries again', async () => {
    await open();
    start = () => Promise.reject(new Error('Temporal is down'));
    const response = await post(BEARER);
    assert.equal(response.status, 503);
    assert.ok(Number(response.headers.get('retry-after')) > 0);
    assert.ok(!(await reasonOf(response)).includes('Temporal'));
  });

  it('answers 503 where a start takes too long, and counts it as in hand until it has ended', async () => {
    await open(undefined, { answerWithinMs: 20, inFlight: 1 });
    let acknowledge: (outcome: StartOutcome) => void = () => assert.fail('nothing was started');
    start = () => new Promise((acknowledged) => (acknowledge = acknowledged));
    assert.match(await reasonOf(await post(BEARER)), /could not be started/);
    const busy = await post(BEARER);
    assert.equal(busy.status, 503);
    assert.ok(Number(busy.headers.get('retry-after')) > 0);
    assert.match(await reasonOf(busy), /too many/);
    acknowledge('started');
    start = () => Promise.resolve('started');
    let status = 503;
    // The slot is free a moment after the start has ended.
    while (status === 503) status = (await post(BEARER)).status;
    assert.equal(status, 200);
  });

  it('answers 413 to a body above its cap, declared or not, and handles nothing of it', async () => {
    await open(undefined, { maxBodyBytes: 1000 });
    assert.equal((await post(BEARER, `"${'x'.repeat(998)}"`)).status, 400);
    assert.equal((await post(BEARER, 'x'.repeat(1001))).status, 413);
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let count = 0; count < 11; count++) controller.enqueue(new Uint8Array(100));
        controller.close();
      },
    });
    const init = { method: 'POST', headers: BEARER, body: pieces, duplex: 'half' as const };
    assert.equal((await fetch(address(), init)).status, 413);
    assert.equal(started.length, 0);
  });

  it('takes events by POST as JSON at one path only', async () => {
    await open();
    assert.equal((await fetch(address(), { headers: BEARER })).status, 405);
    assert.equal((await fetch(address(), { method: 'HEAD', headers: BEARER })).status, 405);
    assert.equal((await fetch(address('/'), { method: 'POST' })).status, 404);
    assert.equal((await post({ ...BEARER, 'content-type': 'text/plain' })).status, 415);
    assert.equal((await post({ ...BEARER, 'content-encoding': 'gzip' })).status, 415);
    assert.equal(started.length, 0);
  });

  it('is open to who shows the token while strangers hold every place they can get', async () => {
    await open(undefined, { requestWithinMs: 30_000 });
    const stranger = () => {
      const socket = connect({ host: '127.0.0.1', port: webhook?.port ?? 0 });
      socket.on('error', quiet).resume();
      socket.write(
        'POST /events HTTP/1.1\r\nhost: x\r\nx-elocute-signature: nonsense\r\n' +
          'content-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":',
      );
      return socket;
    };
    const first = Array.from({ length: 64 }, stranger);
    await Promise.all(first.map((socket) => once(socket, 'connect')));
    assert.equal((await post(BEARER)).status, 200);
    assert.equal((await post(signed(EVENT))).status, 200, 'a stranger that proves himself');
    const more = Array.from({ length: 10 }, stranger);
    // They take the places of the slowest; without that no strangers' connection would end.
    while (first.filter(({ closed }) => closed).length < 10) await turn();
    assert.equal((await post(BEARER)).status, 200);
    for (const socket of [...first, ...more]) socket.destroy();
  });

  it('cuts off clients that send too slowly, headers and bodies', async () => {
    await open(undefined, { requestWithinMs: 200 });
    const head = `POST /events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\n`;
    const slow = [
      head,
      `${head}content-type: application/json\r\ncontent-length: 100\r\n\r\n{"a":`,
    ];
    for (const bytes of slow) {
      const socket = connect({ host: '127.0.0.1', port: webhook?.port ?? 0 });
      socket.on('error', quiet).resume();
      socket.write(bytes);
      // Without the limits this would never come.
      await once(socket, 'close');
    }
    assert.equal((await post(BEARER)).status, 200);
  });

  it('finishes what it has in hand when it closes, and takes nothing more', async () => {
    const running = await open();
    let acknowledge: (outcome: StartOutcome) => void = () => assert.fail('nothing was started');
    const reached = new Promise<void>((resolve) => {
      start = () =>
        new Promise((acknowledged) => {
          acknowledge = acknowledged;
          resolve();
        });
    });
    const response = post(BEARER);
    await reached;
    const closed = running.close();
    await assert.rejects(fetch(address('/healthz')));
    acknowledge('started');
    assert.equal((await response).status, 200);
    await closed;
  });

  it('ends within its grace time when a start never ends', async () => {
    const running = await open(undefined, { graceMs: 20, answerWithinMs: 60_000 });
    const reached = new Promise<void>((resolve) => {
      start = () => {
        resolve();
        return new Promise(() => undefined);
      };
    });
    const response = post(BEARER).then(
      () => 'answered',
      () => 'cut off',
    );
    await reached;
    await running.close();
    assert.equal(await response, 'cut off');
  });
});
