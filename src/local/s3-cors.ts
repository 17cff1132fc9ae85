import type { IncomingHttpHeaders } from 'node:http';

/**
 * Headers that let a page of any origin use this server, for uploads straight from a browser. Every
 * request needs a signature and none is made from cookies, so an open origin gives nothing away.
 */
export function corsHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  if (headers.origin === undefined) return {};
  return {
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'etag, x-amz-version-id, x-amz-request-id, content-range',
  };
}

/** The further headers of the answer to a browser's preflight (OPTIONS). */
export function preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return {
    'access-control-allow-methods': 'GET, HEAD, PUT, POST, DELETE',
    'access-control-allow-headers': headers['access-control-request-headers'] ?? '*',
    'access-control-allow-private-network': 'true',
    'access-control-max-age': '600',
    vary: 'origin, access-control-request-headers',
  };
}
