/** Headers of every answer: nothing of it is framed, guessed at, or told to other sites. */

/** Of answers that are no page: whatever they hold, it loads and runs nothing. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export function securityHeaders(origin: string): Record<string, string> {
  return {
    'content-security-policy': NOTHING,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'microphone=(self), camera=(), geolocation=(), payment=()',
    'cache-control': 'no-store',
    ...(origin.startsWith('https:')
      ? { 'strict-transport-security': 'max-age=63072000; includeSubDomains' }
      : {}),
  };
}

export interface PagePolicy {
  /** Of this answer only; scripts and styles of the page carry it. */
  nonce: string;
  /** Where recordings are sent to and played from, besides this server. */
  storage?: string | undefined;
}

export function pagePolicy({ nonce, storage }: PagePolicy): string {
  const also = storage === undefined ? '' : ` ${storage}`;
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'nonce-${nonce}'`,
    "img-src 'self' data:",
    `media-src 'self' blob: data:${also}`,
    `connect-src 'self'${also}`,
    "worker-src 'self' blob:",
    "font-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}
