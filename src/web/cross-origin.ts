/** Pages of other origins, where they are named: they call the API with a token, never a cookie. */
import type { FastifyReply, FastifyRequest } from 'fastify';

const PREFLIGHT = {
  'access-control-allow-methods': 'GET, POST, PATCH',
  'access-control-allow-headers': 'authorization, content-type, if-none-match, last-event-id',
  'access-control-max-age': '600',
};
const SHOWN = 'etag, retry-after, location, x-request-id';

export function allowOtherOrigins(
  { headers, url }: FastifyRequest,
  reply: FastifyReply,
  origins: readonly string[],
): void {
  if (origins.length === 0 || !url.startsWith('/api/')) return;
  reply.header('vary', 'origin');
  const { origin } = headers;
  if (origin === undefined || !origins.includes(origin)) return;
  reply.headers({
    'access-control-allow-origin': origin,
    'access-control-expose-headers': SHOWN,
    'cross-origin-resource-policy': 'cross-origin',
  });
}

/** The further headers of the answer to a browser's preflight. */
export function preflightHeaders(): Record<string, string> {
  return { ...PREFLIGHT };
}
