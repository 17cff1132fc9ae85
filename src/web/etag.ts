/** Whether the caller has the same answer already. */
import { createHash } from 'node:crypto';

export function etagOf(body: string): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
}

/** `If-None-Match`: a list, or `*`; weak ones count as strong ones do. */
export function matches(header: string | string[] | undefined, etag: string): boolean {
  const given = Array.isArray(header) ? header.join(',') : (header ?? '');
  return given
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === '*' || one === etag);
}
