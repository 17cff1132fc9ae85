/** Who may send to the webhook: a bearer token, the same as a Basic password, or a signed body. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export interface WebhookSecrets {
  /** `Authorization: Bearer TOKEN`, or Basic with any user and the token as the password. */
  token: string | undefined;
  /** `x-elocute-signature: sha256=` and the HMAC-SHA256 of the body in hex. */
  secret: string | undefined;
}

export const SIGNATURE_HEADER = 'x-elocute-signature';

/** A signature proves nothing until the body is there: until then its sender is a stranger. */
export type Visitor = 'known' | 'stranger' | 'refused';

/**
 * Every credential that is given must be right, and one must be given. A replayed request is harmless:
 * it starts nothing twice.
 */
export function createWebhookGuard({ token, secret }: WebhookSecrets) {
  return {
    /** What can be said before the body is read. */
    visitor(headers: IncomingHttpHeaders): Visitor {
      const given = token === undefined ? undefined : headers.authorization;
      if (given !== undefined) return isToken(given, token) ? 'known' : 'refused';
      const mayProve = secret !== undefined && headers[SIGNATURE_HEADER] !== undefined;
      return mayProve ? 'stranger' : 'refused';
    },
    /** Asked of whoever is not refused: a signature, where one is given, must fit the body. */
    accepts(headers: IncomingHttpHeaders, body: Uint8Array): boolean {
      const signature = headers[SIGNATURE_HEADER];
      if (secret === undefined || signature === undefined) return true;
      const wanted = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      return isSame(String(signature), wanted);
    },
  };
}

function isToken(authorization: string, token: string | undefined): boolean {
  if (token === undefined) return false;
  const [, scheme = '', credential = ''] = /^(\w+) +(\S+)$/.exec(authorization) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return isSame(credential, token);
    case 'basic': {
      // For senders that know an address only: http://elocute:TOKEN@host/events
      const pair = Buffer.from(credential, 'base64').toString();
      return isSame(pair.slice(pair.indexOf(':') + 1), token);
    }
    default:
      return false;
  }
}

/** Over digests: takes as long whatever is given, its length included. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
