/** Whose request it is: by a bearer token, or by the cookie that pages of this server send. */
import { Problem } from './problems.ts';
import type { Principal } from './principal.ts';
import { tokenInCookie } from './session-cookie.ts';
import type { RefusedToken, Tokens, UncheckedToken } from './web-ports.ts';

export interface Credentials {
  method: string;
  authorization: string | undefined;
  cookie: string | undefined;
  origin: string | undefined;
}

/** Either who it is, or why it is nobody. */
export type Authenticated = { principal: Principal } | { problem: Problem };

/** Longer ones are nobody's, and checking them costs. */
const LONGEST_TOKEN = 8192;

/**
 * A request with a token in `authorization` is judged by it alone. A cookie is sent by the browser
 * unasked: where it changes something, the page that asks must be one of ours.
 */
export async function authenticate(
  { method, authorization, cookie, origin }: Credentials,
  tokens: Tokens,
  ownOrigin: string,
): Promise<Authenticated> {
  if (authorization !== undefined) {
    const [, token] = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization) ?? [];
    if (token === undefined) return nobody('The authorization header is not `Bearer TOKEN`.');
    return verified(token, tokens);
  }
  const token = tokenInCookie(cookie, ownOrigin);
  if (token === null) return nobody('The request carries no token.');
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method) && origin !== ownOrigin) {
    const detail = 'With a cookie, changes are taken from pages of this server only.';
    return { problem: new Problem('ORIGIN_REFUSED', detail) };
  }
  return verified(token, tokens);
}

async function verified(token: string, tokens: Tokens): Promise<Authenticated> {
  if (token.length > LONGEST_TOKEN) return nobody('The token is too long.');
  const checked = await tokens.verify(token);
  if ('principal' in checked) return { principal: checked.principal };
  return { problem: refusedToken(checked, 'The token') };
}

/** `what` was shown: a token, a link. */
export function refusedToken(checked: RefusedToken | UncheckedToken, what: string): Problem {
  if ('refused' in checked) {
    return new Problem('UNAUTHENTICATED', `${what} is not accepted: ${checked.refused}.`);
  }
  const cause = checked.unchecked;
  return new Problem('KEYS_UNAVAILABLE', `${what} cannot be checked now.`, { cause });
}

function nobody(detail: string): Authenticated {
  return { problem: new Problem('UNAUTHENTICATED', detail) };
}
