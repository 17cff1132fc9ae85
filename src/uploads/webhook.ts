/**
 * Upload events by HTTP: `POST /events`, for MinIO, versitygw and EventBridge API destinations. It
 * answers 200 only after Temporal has acknowledged every start in the event; what fails is answered
 * 503, so that the sender tries again. `GET /healthz` says whether it takes events.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import type { ArrivedEvent } from './handle-event.ts';
import type { SettledEvent } from './handle-request.ts';
import { readBody } from './read-body.ts';
import { createWebhookGuard, type WebhookSecrets } from './webhook-guard.ts';
import { answerOf, refusalOf, type Answer } from './webhook-answer.ts';

export interface WebhookLimits {
  /** Ten times the largest event that any store sends. */
  maxBodyBytes: number;
  /** Events being handled at once; above it senders are told to wait. */
  inFlight: number;
  /** Bodies being read at once whose signature is not known to be right yet. */
  strangers: number;
  /** An API destination gives up after 5 s; later it is told to try again. */
  answerWithinMs: number;
  /** For the whole request: slow clients hold a connection no longer. */
  requestWithinMs: number;
  /** What is in hand at the end is finished within this. */
  graceMs: number;
}

export const WEBHOOK_LIMITS: WebhookLimits = {
  maxBodyBytes: 256 * 1024,
  inFlight: 64,
  strangers: 64,
  answerWithinMs: 4000,
  requestWithinMs: 10_000,
  graceMs: 10_000,
};

export interface WebhookOptions extends WebhookSecrets {
  host: string;
  port: number;
  /** Rejects where a start was not acknowledged. */
  handle: (event: ArrivedEvent) => Promise<SettledEvent>;
  log: Log;
  limits?: Partial<WebhookLimits>;
}

export interface RunningWebhook {
  port: number;
  /** Takes no more events, finishes those in hand, and ends every connection. */
  close(): Promise<void>;
}

export async function startWebhook(options: WebhookOptions): Promise<RunningWebhook> {
  const limits = { ...WEBHOOK_LIMITS, ...options.limits };
  const guard = createWebhookGuard(options);
  const inHand = new Set<Promise<unknown>>();
  const strangers = new Set<IncomingMessage>();
  let closing = false;

  const server = createServer(
    {
      headersTimeout: limits.requestWithinMs / 2,
      requestTimeout: limits.requestWithinMs,
      // How often the two are looked at; Node's own 30 s would make them 40 s.
      connectionsCheckingInterval: Math.min(1000, limits.requestWithinMs / 4),
      keepAliveTimeout: 5000,
    },
    (request, response) => {
      answer(request)
        .catch((error: unknown) => {
          // A client that went away in the middle of its request, mostly.
          options.log.debug({ err: error }, 'webhook request broke off');
          return refusalOf('BROKEN_OFF');
        })
        .then((given) => write(response, given, closing || !request.complete))
        .catch(() => response.destroy());
    },
  );
  // Beyond those in hand, some are being refused or read.
  server.maxConnections = (limits.inFlight + limits.strangers) * 2;

  async function answer(request: IncomingMessage): Promise<Answer> {
    const [path] = (request.url ?? '').split('?');
    if (path === '/healthz') return closing ? refusalOf('CLOSING') : answerOf('HEALTHY');
    if (path !== '/events') return refusalOf('NOT_FOUND');
    if (request.method !== 'POST') return refusalOf('METHOD');
    const visitor = guard.visitor(request.headers);
    if (visitor === 'refused') return refusalOf('UNAUTHORISED');
    if (!isJson(request)) return refusalOf('CONTENT_TYPE');
    if (closing) return refusalOf('CLOSING');
    // Nobody but who has proved who he is takes a place from the others.
    if (visitor === 'known' && inHand.size >= limits.inFlight) return refusalOf('BUSY');
    const body = await (visitor === 'known'
      ? tracked(readBody(request, limits.maxBodyBytes))
      : readStranger(request));
    if (body === null) return refusalOf('TOO_LARGE');
    if (!guard.accepts(request.headers, body)) return refusalOf('UNAUTHORISED');
    if (inHand.size >= limits.inFlight) return refusalOf('BUSY');
    return await handled(body);
  }

  /** Where too many are being read, the one that has taken longest makes room: good ones are short. */
  async function readStranger(request: IncomingMessage): Promise<Buffer | null> {
    const [slowest] = strangers;
    if (strangers.size >= limits.strangers) slowest?.destroy();
    strangers.add(request);
    request.once('close', () => strangers.delete(request));
    try {
      return await readBody(request, limits.maxBodyBytes);
    } finally {
      strangers.delete(request);
    }
  }

  async function handled(body: Buffer): Promise<Answer> {
    const id = randomUUID();
    // It may outlive its answer, and counts as in hand until it has ended.
    const work = tracked(options.handle({ id, body: body.toString('utf8') }));
    return await Promise.race([
      work.then(
        (result) => answerOf(result),
        (error: unknown) => {
          options.log.warn({ err: error, messageId: id }, 'upload event cannot be handled now');
          return refusalOf('NOT_STARTED');
        },
      ),
      // Unreferenced: it must not keep the process alive.
      sleep(limits.answerWithinMs, refusalOf('NOT_STARTED'), { ref: false }),
    ]);
  }

  function tracked<T>(work: Promise<T>): Promise<T> {
    inHand.add(work);
    const forget = (): void => void inHand.delete(work);
    work.then(forget, forget);
    return work;
  }

  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      closing = true;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await Promise.race([
        // What was being read by then is handled after it.
        closed.then(() => Promise.allSettled(inHand)),
        sleep(limits.graceMs, undefined, { ref: false }),
      ]);
      server.closeAllConnections();
      await closed;
    },
  };
}

function isJson({ headers }: IncomingMessage): boolean {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const encoding = headers['content-encoding'] ?? 'identity';
  return type.trim().toLowerCase() === 'application/json' && encoding === 'identity';
}

/** `last`: the connection ends with it, because the body was not read or the server closes. */
function write(response: ServerResponse, { status, body, headers }: Answer, last: boolean): void {
  if (response.destroyed) return;
  // What was not read is thrown away, so that the sender gets to read the answer.
  response.req.resume();
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(last ? { connection: 'close' } : {}),
  });
  response.end(text);
}
