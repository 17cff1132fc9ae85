/** The web server: Fastify with our routes, who may call them, and how it answers. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Log } from '../log.ts';
import { authenticate, type Authenticated } from './authenticate.ts';
import { allowOtherOrigins } from './cross-origin.ts';
import { etagOf, matches } from './etag.ts';
import { createEventStreams, STREAM_LIMITS, type StreamLimits } from './event-streams.ts';
import { createLessonCatalogue } from './lesson-catalogue.ts';
import { Problem, problemFrom, problemOf } from './problems.ts';
import { problemPage, wantsPage } from './problem-page.ts';
import type { Call, Reply, Route, WebState } from './route.ts';
import { routes } from './routes/index.ts';
import { securityHeaders } from './security-headers.ts';
import type { PageLanguage } from './spoken-language.ts';
import { checked } from './validate.ts';
import type { WebDependencies } from './web-ports.ts';

export interface WebServer {
  port: number;
  state: WebState;
  /** Takes no more requests, ends streams, finishes what is in hand, then ends every connection. */
  close(): Promise<void>;
}

export interface ServerOptions {
  host: string;
  port: number;
  log: Log;
  streams?: StreamLimits;
}

/** No request of the API has a body as long as this; recordings go to the object store. */
const MAX_BODY_BYTES = 64 * 1024;
/** A request that trickles in holds a connection no longer. */
const REQUEST_WITHIN_MS = 15_000;
const KEEP_ALIVE_MS = 5000;
const LONGEST_PARAM = 1500;
const FORM = 'application/x-www-form-urlencoded';

declare module 'fastify' {
  interface FastifyRequest {
    whose: Authenticated;
  }
}

export async function startWebServer(
  deps: WebDependencies,
  { host, port, log, streams = STREAM_LIMITS }: ServerOptions,
): Promise<WebServer> {
  const stopping = new AbortController();
  const state: WebState = {
    catalogue: createLessonCatalogue(deps),
    streams: createEventStreams(streams),
    stopping: stopping.signal,
    log,
  };
  const always = securityHeaders(deps.settings.origin);
  const answer = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    answerError(error, { request, reply, log, language: deps.settings.language });
  const app = fastify({
    logger: false,
    genReqId: () => randomUUID(),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_WITHIN_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    exposeHeadRoutes: false,
    // Hop 0 is whoever connects to us.
    trustProxy: (_address, hop) => hop < deps.settings.proxies,
    forceCloseConnections: 'idle',
    // Said by the first hook, in our words.
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PARAM },
    // What cannot be read as a request is answered as everything else is.
    frameworkErrors: (error, request, reply) => {
      // No hook runs for it.
      reply.headers({ ...always, 'x-request-id': request.id });
      void answer(error, request, reply);
    },
  });
  app.server.headersTimeout = REQUEST_WITHIN_MS / 2;
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.setErrorHandler(answer);
  app.setNotFoundHandler({ preHandler: [] }, (request, reply) =>
    answer(new Problem('NOT_FOUND', 'There is no such address.'), request, reply),
  );
  app.decorateRequest('whose');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...always, 'x-request-id': request.id });
    allowOtherOrigins(request, reply, deps.settings.corsOrigins);
    if (state.stopping.aborted) {
      reply.header('connection', 'close');
      throw new Problem('STOPPING', 'It answers what it has begun, and no more.');
    }
    const { authorization, cookie, origin } = request.headers;
    request.whose = await authenticate(
      { method: request.method, authorization, cookie, origin },
      deps.tokens,
      deps.settings.origin,
    );
  });
  await app.register(rateLimit, {
    global: true,
    max: deps.settings.ratePerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) =>
      'principal' in request.whose
        ? `user ${request.whose.principal.role} ${request.whose.principal.userId}`
        : `address ${request.ip}`,
    errorResponseBuilder: (_, { ttl }) =>
      new Problem('RATE_LIMITED', 'More requests came than are answered in a minute.', {
        retryAfterS: Math.ceil(ttl / 1000),
      }),
  });
  for (const one of routes) register(app, one, { deps, state });
  app.addHook('onResponse', (request, reply, done) => {
    const { method } = request;
    // The pattern and not the address: ids and titles stay out of the log.
    const what = request.routeOptions.url ?? 'unknown';
    log.debug(
      { requestId: request.id, method, what, status: reply.statusCode, ms: reply.elapsedTime },
      'answered',
    );
    done();
  });
  await app.listen({ host, port });
  const address = app.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    state,
    async close() {
      stopping.abort(new Error('the process stops'));
      await app.close();
    },
  };
}

function register(
  app: FastifyInstance,
  one: Route,
  { deps, state }: { deps: WebDependencies; state: WebState },
): void {
  app.route({
    method: one.method,
    url: one.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    ...(one.unlimited === true ? { config: { rateLimit: false } } : {}),
    // Before the body is read: strangers do not get to send one.
    preParsing: (request, _reply, payload, done) => {
      const problem = refusal(one, request.whose) ?? formRefusal(one, request);
      if (problem === null) done(null, payload);
      else done(problem);
    },
    handler: async (request, reply) => {
      const gone = new AbortController();
      const leave = () => gone.abort(new Error('the client has gone'));
      // Also fires after the answer, when nobody looks at the signal any more.
      reply.raw.once('close', leave);
      // While the token was checked and the body read, nobody listened.
      if (reply.raw.destroyed) leave();
      const call: Call<unknown, unknown, unknown> = {
        params: checked('path', one.params, request.params),
        query: checked('query', one.query, request.query),
        body: checked('body', one.body, request.body),
        headers: request.headers,
        principal: 'principal' in request.whose ? request.whose.principal : null,
        deps,
        state,
        signal: gone.signal,
      };
      return send(await one.handle(call), { one, state, request, reply });
    },
  });
}

/** Why somebody may not call it at all; null where he may. */
function refusal({ access, knowsCaller }: Route, whose: Authenticated): Problem | null {
  if (access === 'public') {
    // Nobody who is signed in is told to sign in because the keys do not answer.
    const isUnknown = 'problem' in whose && whose.problem.code === 'KEYS_UNAVAILABLE';
    return knowsCaller === true && isUnknown ? whose.problem : null;
  }
  if ('problem' in whose) return whose.problem;
  const { role } = whose.principal;
  if (access.includes(role)) return null;
  return new Problem('FORBIDDEN', `It is for: ${access.join(', ')}. You are: ${role}.`);
}

/** A form is what any page can send without being asked: one route reads it. */
function formRefusal({ form }: Route, { headers }: FastifyRequest): Problem | null {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (form === true || type.trim().toLowerCase() !== FORM) return null;
  return new Problem('CONTENT_TYPE_UNKNOWN', 'Only application/json is read.');
}

interface Sending {
  one: Route;
  state: WebState;
  request: FastifyRequest;
  reply: FastifyReply;
}

async function send(answer: Reply, { one, state, request, reply }: Sending): Promise<FastifyReply> {
  const { status, headers = {}, body, stream } = answer;
  reply.code(status).headers(headers);
  if (stream !== undefined) {
    const readable = Readable.from(stream, { objectMode: true });
    // It ends with the connection; what went wrong in it is no answer any more.
    readable.once('error', (error: unknown) => {
      state.log.warn({ err: error, requestId: request.id }, 'stream broke off');
      reply.raw.destroy();
    });
    return reply.send(readable);
  }
  if (body === undefined) return reply.send();
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (one.cached === true && status === 200) {
    const etag = etagOf(text);
    reply.headers({ etag, 'cache-control': 'private, no-cache', vary: 'authorization, cookie' });
    if (matches(request.headers['if-none-match'], etag)) return reply.code(304).send();
  }
  if (typeof body !== 'string') reply.type('application/json; charset=utf-8');
  return reply.send(text);
}

interface Answering {
  request: FastifyRequest;
  reply: FastifyReply;
  log: Log;
  language: PageLanguage;
}

async function answerError(
  error: unknown,
  { request, reply, log, language }: Answering,
): Promise<FastifyReply> {
  const problem = fromFramework(error) ?? problemFrom(error);
  const { document, retryAfterS } = problemOf(problem, request.id);
  const { status, code } = document;
  if (status >= 500) {
    log.error({ err: problem.cause ?? problem, requestId: request.id, code }, 'request failed');
  }
  if (retryAfterS !== undefined) reply.header('retry-after', String(retryAfterS));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply.code(status).header('cache-control', 'no-store');
  if (wantsPage(request)) {
    const { body, headers } = problemPage(document, request, language);
    return reply.headers({ ...headers }).send(body);
  }
  return reply.type('application/problem+json; charset=utf-8').send(JSON.stringify(document));
}

/** Fastify's own refusals in our words; null where it is none of them. */
function fromFramework(error: unknown): Problem | null {
  if (error instanceof Problem || !(error instanceof Error)) return null;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new Problem('BODY_TOO_LARGE', `A body may have ${MAX_BODY_BYTES} bytes.`);
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return new Problem('CONTENT_TYPE_UNKNOWN', 'Only application/json is read.');
  }
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
    return new Problem('REQUEST_INVALID', 'The request cannot be read: is its body JSON?');
  }
  return null;
}
