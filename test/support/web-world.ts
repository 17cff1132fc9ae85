/** A world with the web process in it, and tokens for whoever a test needs. */
import { signToken, tokenOptionsOf } from '../../src/adapters/json-web-tokens.ts';
import { loadConfig, type Config } from '../../src/config.ts';
import { freePort } from '../../src/local/free-port.ts';
import { createLog } from '../../src/log.ts';
import { startWeb, type RunningWeb } from '../../src/web.ts';
import type { Principal } from '../../src/web/principal.ts';
import { assertDescribed } from './described-answer.ts';
import { openWorld, type LocalWorld, type WorldOptions } from './local-world.ts';

export interface WebWorld {
  world: LocalWorld;
  web: RunningWeb;
  config: Config;
  origin: string;
  tokenFor(principal: Partial<Principal>, expiresInS?: number): Promise<string>;
  /** With a token of the role, unless `as` is null. Every answer is held against the document. */
  call(path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  method?: string;
  as?: Partial<Principal> | null;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Of the body; null where it is not JSON. */
  json: Record<string, unknown>;
}

export const TEST_SECRET = 'a-secret-of-the-tests-0123456789abcdef';

export async function openWebWorld(options: WorldOptions = {}): Promise<WebWorld> {
  const world = await openWorld(options);
  const stop = new AbortController();
  try {
    const environment = {
      ...world.environment,
      WEB_PORT: String(await freePort()),
      WEB_JWT_SECRET: TEST_SECRET,
      WEB_RATE_PER_MINUTE: '100000',
      ...options.environment,
    };
    const config = loadConfig(environment);
    const web = await startWeb(config, createLog('web', 'silent'), stop.signal);
    const tokenFor = (principal: Partial<Principal>, expiresInS = 600) =>
      signToken(tokenOptionsOf(config), principalOf(principal), expiresInS);
    return {
      world,
      web,
      config,
      origin: web.origin,
      tokenFor,
      call: (path, given = {}) => call(web.origin, path, given, tokenFor),
      async close() {
        stop.abort();
        await web.done;
        await world.close();
      },
    };
  } catch (error) {
    await world.close();
    throw error;
  }
}

function principalOf(given: Partial<Principal>): Principal {
  return { role: 'learner', userId: '7', users: null, lessons: null, ...given };
}

async function call(
  origin: string,
  path: string,
  { method = 'GET', as = {}, body, headers = {} }: CallOptions,
  tokenFor: WebWorld['tokenFor'],
): Promise<Answer> {
  const authorization = as === null ? {} : { authorization: `Bearer ${await tokenFor(as)}` };
  const response = await fetch(`${origin}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...authorization,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const json = (isJson && text !== '' ? JSON.parse(text) : null) as Answer['json'];
  const contentType = response.headers.get('content-type');
  assertDescribed({ method, path, status: response.status, contentType, body: json });
  return { status: response.status, headers: response.headers, text, json };
}
