import type { IncomingHttpHeaders } from 'node:http';
import { S3Error } from './s3-error.ts';

/** A request in path style (`/bucket/key`), taken apart once. */
export interface S3Request {
  method: string;
  /** Decoded; empty for the list of buckets. */
  bucket: string;
  /** Decoded; empty for a request about the bucket itself. */
  key: string;
  /** The path as the signature counts it. */
  canonicalPath: string;
  /** Decoded, in the order given. */
  query: readonly (readonly [string, string])[];
  headers: IncomingHttpHeaders;
}

/**
 * Takes a request apart. Not with `URL`, which resolves `..` and drops what keys may hold. Throws
 * `InvalidURI` for broken percent signs.
 */
export function parseRequest(method: string, url: string, headers: IncomingHttpHeaders): S3Request {
  const [path = '/', ...rest] = url.split('?');
  const segments = path.slice(1).split('/').map(decode);
  const [bucket = '', ...key] = segments;
  return {
    method,
    bucket,
    key: key.join('/'),
    canonicalPath: `/${segments.map(uriEncode).join('/')}`,
    query: parseQuery(rest.join('?')),
    headers,
  };
}

/** A query parameter, or undefined; an empty one (`?versions`) is ''. */
export function parameter(request: S3Request, name: string): string | undefined {
  return request.query.find(([key]) => key === name)?.[1];
}

/**
 * A header. In a presigned URL the x-amz-* headers stand in the query, where any client that has
 * the URL sends them without knowing.
 */
export function header(request: S3Request, name: string): string | undefined {
  const value = request.headers[name];
  if (value !== undefined) return Array.isArray(value) ? value.join(', ') : value;
  if (!name.startsWith('x-amz-') || !isPresigned(request)) return undefined;
  return request.query.find(([key]) => key.toLowerCase() === name)?.[1];
}

export function isPresigned(request: S3Request): boolean {
  return parameter(request, 'X-Amz-Signature') !== undefined;
}

/** Headers and presigned query parameters whose name starts so, by the rest of their name. */
export function headersAfter(request: S3Request, prefix: string): Record<string, string> {
  const presigned = isPresigned(request) ? request.query : [];
  const names = [...Object.keys(request.headers), ...presigned.map(([key]) => key.toLowerCase())];
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = name.startsWith(prefix) ? header(request, name) : undefined;
    if (value !== undefined) found[name.slice(prefix.length)] = value;
  }
  return found;
}

/** RFC 3986: everything but letters, digits and -._~ as %XX of its UTF-8 bytes. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function parseQuery(text: string): [string, string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decode(name), decode(value.join('='))];
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}
