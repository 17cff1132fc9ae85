import { S3Error } from './s3-error.ts';
import { parameter, uriEncode } from './s3-request.ts';
import type { S3Request } from './s3-request.ts';
import type { ObjectVersion } from './s3-journal.ts';
import type { S3Store } from './s3-store.ts';
import { versionName } from './s3-version-name.ts';
import { element, group, xmlDocument } from './s3-xml.ts';

const PAGE_SIZE = 1000;

export interface PageOptions {
  prefix: string;
  /** '' for none. */
  delimiter: string;
  /** Only keys after this one; '' for all. */
  after: string;
  /** `after` was a common prefix, so everything below it has been listed. */
  skipBelow: boolean;
  maxKeys: number;
}

export interface Page {
  keys: string[];
  commonPrefixes: string[];
  /** The last key or common prefix of a page that is not the last. */
  next?: { after: string; skipBelow: boolean };
}

/** One page of sorted keys, those with the delimiter after the prefix folded into common prefixes. */
export function pageOf(sortedKeys: readonly string[], options: PageOptions): Page {
  const { prefix, delimiter, after, skipBelow, maxKeys } = options;
  const start = after === '' ? 0 : sortedKeys.indexOf(after) + 1 || firstAfter(sortedKeys, after);
  const page: Page = { keys: [], commonPrefixes: [] };
  let last = { after: '', skipBelow: false };
  for (const key of sortedKeys.slice(start)) {
    if (!key.startsWith(prefix) || (skipBelow && key.startsWith(after))) continue;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    if (common !== undefined && page.commonPrefixes.at(-1) === common) continue;
    if (page.keys.length + page.commonPrefixes.length === maxKeys) {
      return maxKeys === 0 ? page : { ...page, next: last };
    }
    if (common === undefined) page.keys.push(key);
    else page.commonPrefixes.push(common);
    last = { after: common ?? key, skipBelow: common !== undefined };
  }
  return page;
}

/** `after` need not be a key; the keys are sorted by UTF-8 bytes. */
function firstAfter(sortedKeys: readonly string[], after: string): number {
  const bytes = Buffer.from(after);
  const index = sortedKeys.findIndex((key) => Buffer.compare(Buffer.from(key), bytes) > 0);
  return index < 0 ? sortedKeys.length : index;
}

/** The answer to ListObjectsV2. */
export function listObjects(store: S3Store, request: S3Request): string {
  const options = pageOptions(request);
  const live = store.keysOf(request.bucket).filter((key) => {
    const latest = store.versionsOf(request.bucket, key)[0];
    return latest !== undefined && !latest.deleteMarker;
  });
  const page = pageOf(live, options);
  const name = keyWriter(request);
  return xmlDocument(
    'ListBucketResult',
    element('Name', request.bucket),
    name('Prefix', options.prefix),
    options.delimiter === '' ? '' : name('Delimiter', options.delimiter),
    element('MaxKeys', options.maxKeys),
    element('KeyCount', page.keys.length + page.commonPrefixes.length),
    element('IsTruncated', page.next !== undefined),
    encodingElement(request),
    page.next === undefined ? '' : element('NextContinuationToken', encodeToken(page.next)),
    ...page.keys.flatMap((key) => {
      const latest = store.versionsOf(request.bucket, key)[0];
      return latest === undefined ? [] : [group('Contents', ...contentElements(name, latest))];
    }),
    ...page.commonPrefixes.map((prefix) => group('CommonPrefixes', name('Prefix', prefix))),
  );
}

/** The answer to ListObjectVersions: versions, newest first, page by page. */
export function listVersions(store: S3Store, request: S3Request): string {
  const prefix = parameter(request, 'prefix') ?? '';
  const name = keyWriter(request);
  const keys = store.keysOf(request.bucket).filter((key) => key.startsWith(prefix));
  const all = versionsAfter(
    keys.flatMap((key) =>
      store.versionsOf(request.bucket, key).map((version, index) => ({ version, index })),
    ),
    request,
  );
  const page = all.slice(0, maxKeysOf(request));
  const last = page.length < all.length ? page.at(-1)?.version : undefined;
  return xmlDocument(
    'ListVersionsResult',
    element('Name', request.bucket),
    name('Prefix', prefix),
    element('IsTruncated', last !== undefined),
    encodingElement(request),
    ...(last === undefined
      ? []
      : [name('NextKeyMarker', last.key), element('NextVersionIdMarker', versionName(last))]),
    ...page.map(({ version, index }) => {
      const tag = version.deleteMarker ? 'DeleteMarker' : 'Version';
      const id = element('VersionId', versionName(version));
      const latest = element('IsLatest', index === 0);
      return group(tag, id, latest, ...contentElements(name, version));
    }),
  );
}

/** What follows the markers: a key, and perhaps one of its versions. */
function versionsAfter<T extends { version: ObjectVersion }>(
  all: readonly T[],
  request: S3Request,
): readonly T[] {
  const key = parameter(request, 'key-marker') ?? '';
  const id = parameter(request, 'version-id-marker') ?? '';
  if (key === '') {
    if (id === '') return all;
    throw new S3Error('InvalidArgument', 'A version-id marker needs a key marker.');
  }
  const bytes = Buffer.from(key);
  const isAfter = (other: string) => Buffer.compare(Buffer.from(other), bytes) > 0;
  const start =
    id === ''
      ? -1
      : all.findIndex(({ version }) => version.key === key && versionName(version) === id);
  return start < 0 ? all.filter(({ version }) => isAfter(version.key)) : all.slice(start + 1);
}

type KeyWriter = (tag: string, key: string) => string;

function contentElements(name: KeyWriter, version: ObjectVersion): string[] {
  const common = [name('Key', version.key), element('LastModified', version.modifiedAt)];
  if (version.deleteMarker) return common;
  return [
    ...common,
    element('ETag', `"${version.etag}"`),
    element('Size', version.sizeBytes),
    element('StorageClass', 'STANDARD'),
  ];
}

function pageOptions(request: S3Request): PageOptions {
  const token = parameter(request, 'continuation-token');
  return {
    prefix: parameter(request, 'prefix') ?? '',
    delimiter: parameter(request, 'delimiter') ?? '',
    maxKeys: maxKeysOf(request),
    ...(token === undefined
      ? { after: parameter(request, 'start-after') ?? '', skipBelow: false }
      : decodeToken(token)),
  };
}

function maxKeysOf(request: S3Request): number {
  const maxKeys = Number(parameter(request, 'max-keys') ?? PAGE_SIZE);
  if (!Number.isInteger(maxKeys) || maxKeys < 0) {
    throw new S3Error('InvalidArgument', 'max-keys must be a whole number.');
  }
  return Math.min(maxKeys, PAGE_SIZE);
}

function encodeToken({ after, skipBelow }: { after: string; skipBelow: boolean }): string {
  return Buffer.from(`${skipBelow ? 'p' : 'k'}${after}`).toString('base64url');
}

function decodeToken(token: string): { after: string; skipBelow: boolean } {
  const text = Buffer.from(token, 'base64url').toString('utf8');
  if (!/^[pk]./s.test(text)) {
    throw new S3Error('InvalidArgument', 'The continuation token provided is incorrect.');
  }
  return { after: text.slice(1), skipBelow: text.startsWith('p') };
}

function keyWriter(request: S3Request): KeyWriter {
  const encoded = parameter(request, 'encoding-type') === 'url';
  return (tag, key) => element(tag, encoded ? uriEncode(key).replaceAll('%2F', '/') : key);
}

function encodingElement(request: S3Request): string {
  return parameter(request, 'encoding-type') === 'url' ? element('EncodingType', 'url') : '';
}
