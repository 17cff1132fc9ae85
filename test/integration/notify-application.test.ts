import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createNotifyApplication } from '../../src/activities/notify-application.ts';
import { createHttpNotifier, type NotifierOptions } from '../../src/adapters/http-notifier.ts';
import { isPublicAddress } from '../../src/adapters/public-addresses.ts';
import type { Notice } from '../../src/contract/notice.ts';
import { SUMMARY } from '../support/scripted-worker.ts';
import { temporaryFolder } from '../support/services.ts';

const never = new AbortController().signal;
const secret = 'a-long-random-text-of-32-characters';

interface Received {
  body: string;
  headers: IncomingMessage['headers'];
}

type Answer = (response: ServerResponse) => void;

async function receiving<T>(
  answer: Answer,
  test: (port: number, received: Received[]) => Promise<T>,
): Promise<T> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ body, headers: request.headers });
      answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await test((server.address() as AddressInfo).port, received);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const ok: Answer = (response) => response.end('ok');
const status = (code: number, headers = {}): Answer => {
  return (response) => void response.writeHead(code, headers).end();
};
const notifier = (url: string, options: Partial<NotifierOptions> = {}) =>
  createHttpNotifier({ url, secret, allowPrivate: true, ...options });
const notice: Notice = {
  type: 'completed',
  scoringId: 'd'.repeat(64),
  runId: 'first run',
  status: 'completed',
  applicationRowId: '7',
  summary: SUMMARY,
  failureCode: null,
  occurredAtMs: Date.UTC(2026, 10, 24),
};

type Verify = (secret: string, timestamp: string, signature: string, body: string) => boolean;

/** The function that docs/notify.md shows, cut out of it. */
async function shownVerify(): Promise<Verify> {
  const page = readFileSync(new URL('../../docs/notify.md', import.meta.url), 'utf8');
  const [, code = assert.fail('no example')] =
    /```ts\n(function verify[\s\S]*?)```/.exec(page) ?? [];
  const file = join(temporaryFolder('notify'), 'verify.mts');
  const imports = `import { createHmac, timingSafeEqual } from 'node:crypto';\n`;
  writeFileSync(file, `${imports}export ${code}`);
  return ((await import(pathToFileURL(file).href)) as { verify: Verify }).verify;
}

describe('telling the application', () => {
  it('sends the outcome signed, with the same event id however often it is sent', async () => {
    await receiving(ok, async (port, received) => {
      const tell = createNotifyApplication({ notifier: notifier(`http://127.0.0.1:${port}/`) });
      await tell(notice, never);
      await tell({ ...notice, occurredAtMs: notice.occurredAtMs + 1000 }, never);
      await tell({ ...notice, type: 'failed', failureCode: 'TIMED_OUT' }, never);
      await tell({ ...notice, runId: 'the run of a replay' }, never);
      const { runId, ...old } = notice;
      assert.ok(runId);
      await tell(old, never);
      const events = received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
      const { eventId, ...rest } = events[0] ?? assert.fail();
      assert.match(String(eventId), /^evt_[0-9a-f]{32}$/);
      assert.deepEqual(rest, {
        ...{ type: 'scoring.completed', scoringId: notice.scoringId, status: 'completed' },
        ...{ applicationRowId: '7', summary: SUMMARY, failureCode: null },
        occurredAt: '2026-11-24T00:00:00.000Z',
      });
      assert.equal(events[1]?.['eventId'], eventId);
      const ids = events.map((event) => event['eventId']);
      assert.equal(new Set(ids).size, 4, 'another outcome, another run, a worker of before');
      const { headers, body } = received[0] ?? assert.fail();
      const verify = await shownVerify();
      const timestamp = String(headers['x-elocute-timestamp']);
      const signature = String(headers['x-elocute-signature']);
      assert.ok(verify(secret, timestamp, signature, body));
      assert.ok(!verify(secret, timestamp, signature, body.replace('completed', 'failed')));
      assert.ok(!verify('another-random-text-of-32-characters', timestamp, signature, body));
    });
  });

  it('is checked by what docs/notify.md shows, whatever is sent', async () => {
    const verify = await shownVerify();
    const signed = (timestamp: string) =>
      `sha256=${createHmac('sha256', secret).update(`${timestamp}.{}`).digest('hex')}`;
    const now = String(Math.floor(Date.now() / 1000));
    assert.equal(verify(secret, now, signed(now), '{}'), true);
    const old = String(Number(now) - 400);
    assert.equal(verify(secret, old, signed(old), '{}'), false, 'too old');
    // As long in letters, not in bytes; and the other way round.
    const [long, short] = [`${signed(now).slice(0, -1)}é`, `${signed(now).slice(0, -2)}é`];
    for (const wrong of [long, short, '', 'sha256=', `${signed(now)}0`]) {
      assert.equal(verify(secret, now, wrong, '{}'), false, wrong);
    }
    assert.equal(verify(secret, 'soon', signed('soon'), '{}'), false, 'no time at all');
  });

  it('takes 2xx alone for success; 410 ends it, and a redirect is followed nowhere', async () => {
    const outcome = async (answer: Answer) =>
      receiving(answer, async (port, received) => {
        const sent = notifier(`http://127.0.0.1:${port}/`).send('{}', never);
        const code = await sent.then(
          () => 'sent',
          (error: unknown) => (error as { code: string }).code,
        );
        assert.equal(received.length, 1);
        return code;
      });
    assert.equal(await outcome(status(204)), 'sent');
    assert.equal(await outcome(status(410)), 'NOTIFY_REFUSED');
    assert.equal(await outcome(status(500)), 'NOTIFY_UNAVAILABLE');
    assert.equal(await outcome(status(302, { location: '/' })), 'NOTIFY_UNAVAILABLE');
  });

  it('waits for no answer without end, and reads no answer without end', async () => {
    await receiving(
      () => undefined,
      async (port) => {
        const sent = notifier(`http://127.0.0.1:${port}/`, { timeoutMs: 50 }).send('{}', never);
        await assert.rejects(sent, { code: 'NOTIFY_UNAVAILABLE' });
      },
    );
    const endless: Answer = (response) => {
      const more = () => {
        while (response.write('x'.repeat(10_000))) if (response.destroyed) return;
      };
      response.on('drain', more);
      more();
    };
    await receiving(endless, (port) => notifier(`http://127.0.0.1:${port}/`).send('{}', never));
  });

  it('gives up at once where the activity is cancelled', async () => {
    await receiving(ok, async (port, received) => {
      const sent = notifier(`http://127.0.0.1:${port}/`).send('{}', AbortSignal.abort());
      await assert.rejects(sent, { code: 'NOTIFY_UNAVAILABLE' });
      assert.equal(received.length, 0);
    });
  });

  for (const host of [
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '0',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.1.1',
    '172.16.0.1',
    '100.64.0.1',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
  ]) {
    it(`refuses ${host}, and connects to nothing`, async () => {
      await receiving(ok, async (port, received) => {
        const url = `http://${host}:${port}/`;
        const sent = notifier(url, { allowPrivate: false }).send('{}', never);
        await assert.rejects(sent, { code: 'NOTIFY_REFUSED', message: /private address/ });
        assert.equal(received.length, 0);
      });
    });
  }

  it('refuses a name that leads to a private address, also where it leads to a public one too', async () => {
    for (const addresses of [['127.0.0.1'], ['93.184.215.14', '10.0.0.1'], ['::ffff:10.0.0.1']]) {
      const resolve = () => Promise.resolve(addresses);
      const sent = notifier('http://app.invalid/', { allowPrivate: false, resolve });
      await assert.rejects(sent.send('{}', never), { code: 'NOTIFY_REFUSED' });
    }
    const resolved = notifier('http://localhost/', { allowPrivate: false }).send('{}', never);
    await assert.rejects(resolved, { code: 'NOTIFY_REFUSED' });
  });

  it('connects to the address that was looked at, and asks for the name no second time', async () => {
    await receiving(ok, async (port, received) => {
      let asked = 0;
      const resolve = () => Promise.resolve(asked++ === 0 ? ['127.0.0.1'] : ['192.0.2.1']);
      await notifier(`http://app.invalid:${port}/`, { resolve }).send('{}', never);
      assert.equal(asked, 1);
      assert.equal(received[0]?.headers.host, `app.invalid:${port}`);
    });
  });

  it('tries again where the name cannot be resolved', async () => {
    const resolve = () => Promise.reject(new Error('ENOTFOUND'));
    const sent = notifier('https://app.invalid/', { resolve }).send('{}', never);
    await assert.rejects(sent, { code: 'NOTIFY_UNAVAILABLE' });
  });

  it('knows public addresses', () => {
    for (const address of ['93.184.215.14', '8.8.8.8', '2606:2800:21f::1']) {
      assert.ok(isPublicAddress(address), address);
    }
    assert.ok(!isPublicAddress('app.example.com'));
  });
});
