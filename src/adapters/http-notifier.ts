/** Events to the application: signed, bounded, never to a private address unless that is allowed. */
import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request as requestPlain, type ClientRequest, type RequestOptions } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Notifier } from '../activities/ports.ts';
import { ElocuteError } from '../failures.ts';
import { isPublicAddress } from './public-addresses.ts';

export interface NotifierOptions {
  url: string;
  secret: string;
  allowPrivate: boolean;
  /** All addresses of a host name; default: the system's resolver. */
  resolve?: (host: string) => Promise<string[]>;
  nowMs?: () => number;
  timeoutMs?: number;
}

/** For the whole request, the resolver included. */
const TIMEOUT_MS = 10_000;
/** Whatever an answer says is not read; more than this is not even waited for. */
const ANSWER_BYTES = 16_384;

export function createHttpNotifier(options: NotifierOptions): Notifier {
  const { secret, nowMs = Date.now, timeoutMs = TIMEOUT_MS } = options;
  const url = new URL(options.url);
  return {
    async send(body, signal) {
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const address = await within(bounded, addressOf(url, options));
      const timestamp = String(Math.floor(nowMs() / 1000));
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'elocute',
        'x-elocute-timestamp': timestamp,
        'x-elocute-signature': signatureOf(secret, timestamp, body),
      };
      const status = await post(url, address, { headers, signal: bounded }, body).catch(
        (cause: unknown) => {
          throw new ElocuteError('NOTIFY_UNAVAILABLE', `no answer (${reasonOf(cause)})`, { cause });
        },
      );
      if (status >= 200 && status < 300) return;
      if (status === 410) throw new ElocuteError('NOTIFY_REFUSED', 'it answered 410 Gone');
      throw new ElocuteError('NOTIFY_UNAVAILABLE', `it answered ${status}`);
    },
  };
}

/** `sha256=` and HMAC-SHA256 of `timestamp.body` in hex. */
export function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** The one address that is connected to: resolved once, so that nobody can answer twice. */
async function addressOf(
  { hostname }: URL,
  { allowPrivate, resolve = resolveAll }: NotifierOptions,
): Promise<string> {
  // URLs write every form of a v4 address (decimal, hex, octal) with four numbers.
  const host = hostname.replace(/^\[|\]$/g, '');
  const addresses = isIP(host) > 0 ? [host] : await resolve(host).catch(unresolved);
  const [first] = addresses;
  if (first === undefined) return unresolved(null);
  if (allowPrivate || addresses.every(isPublicAddress)) return first;
  throw new ElocuteError(
    'NOTIFY_REFUSED',
    'NOTIFY_URL leads to a private address, and NOTIFY_ALLOW_PRIVATE is not set',
  );
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

function unresolved(cause: unknown): never {
  throw new ElocuteError('NOTIFY_UNAVAILABLE', 'the host name cannot be resolved', { cause });
}

/** The status of the answer. Redirects are answers like any other. */
function post(
  url: URL,
  address: string,
  { headers, signal }: Pick<RequestOptions, 'headers' | 'signal'>,
  body: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, signal, agent: false, lookup: pinnedTo(address) };
    const send = url.protocol === 'https:' ? requestTls : requestPlain;
    const sent: ClientRequest = send(url, options as RequestOptions, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_BYTES) answer.destroy();
      });
      answer.on('error', reject);
      answer.on('close', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Connects there whatever the name resolves to by now; the certificate is checked by the name. */
function pinnedTo(address: string): LookupFunction {
  const family = isIP(address);
  return (_host, options, done) => {
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
}

/** Resolvers cannot be aborted: they are left alone instead. */
async function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => {
      reject(new ElocuteError('NOTIFY_UNAVAILABLE', 'resolving its name took too long'));
    };
    if (signal.aborted) late();
    signal.addEventListener('abort', late, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', late));
  });
}

function reasonOf(cause: unknown): string {
  const { code, name } = cause as { code?: unknown; name?: string };
  return typeof code === 'string' ? code : (name ?? 'unknown');
}
