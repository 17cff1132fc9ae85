/** The cookie that carries a token in browsers: no script reads it, no other site sends it. */

/** Browsers keep 4096 bytes of a cookie, name and attributes included. */
export const LONGEST_COOKIE_TOKEN = 3900;

/** With TLS the browser itself sees to it that no other host has set it. */
export function cookieName(origin: string): string {
  return origin.startsWith('https:') ? '__Host-elocute' : 'elocute';
}

export function sessionCookie(origin: string, token: string, maxAgeS: number): string {
  const secure = origin.startsWith('https:') ? '; Secure' : '';
  return `${cookieName(origin)}=${token}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
}

/** The token in a `cookie` header; null where there is none. Two of one name are none of ours. */
export function tokenInCookie(header: string | undefined, origin: string): string | null {
  const prefix = `${cookieName(origin)}=`;
  const found = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(prefix));
  const [only] = found;
  return found.length === 1 && only !== undefined ? only.slice(prefix.length) : null;
}
