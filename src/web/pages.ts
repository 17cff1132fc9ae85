/** Pages: HTML under a strict policy, and the few files that they load from this server. */
import { createHash, randomBytes } from 'node:crypto';
import type { Reply } from './route.ts';
import { pagePolicy } from './security-headers.ts';

export interface PageOptions {
  nonce: string;
  status?: number;
  /** Origin of the object store, where the page sends or plays recordings. */
  storage?: string | undefined;
  /** For pages that bring a policy of their own, such as one with hashes. */
  policy?: string;
}

/** Fresh for each answer: `<script nonce="…">` and `<style nonce="…">` carry it. */
export function newNonce(): string {
  return randomBytes(16).toString('base64url');
}

export function page(html: string, { nonce, status = 200, storage, policy }: PageOptions): Reply {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy ?? pagePolicy({ nonce, storage }),
      'cache-control': 'private, no-store',
    },
    body: html,
  };
}

/** A file that never changes under its address, or one that is asked for again each time. */
export function asset(body: string, contentType: string): Reply {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return {
    status: 200,
    headers: { 'content-type': contentType, 'cache-control': 'public, max-age=300', etag },
    body,
  };
}

/** Text in HTML, also within quoted attributes. */
export function escapeHtml(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"']/g, (one) => names[one] ?? '&#39;');
}
