import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { receiveBody } from './s3-body.ts';
import { checksumHeaders } from './s3-checksums.ts';
import { checkRead } from './s3-conditions.ts';
import { S3Error } from './s3-error.ts';
import type { ObjectVersion } from './s3-journal.ts';
import type { Notifier } from './s3-notifier.ts';
import { byteRange } from './s3-range.ts';
import { header, headersAfter, parameter } from './s3-request.ts';
import type { S3Request } from './s3-request.ts';
import type { VerifiedSignature } from './s3-signature.ts';
import type { NewVersion, S3Store } from './s3-store.ts';
import { versionName } from './s3-version-name.ts';

/** One request with everything its handler needs. */
export interface S3Exchange {
  request: S3Request;
  signature: VerifiedSignature;
  incoming: IncomingMessage;
  response: ServerResponse;
  store: S3Store;
  notifier: Notifier;
  maxObjectBytes: number;
}

/** Headers of an upload that come back with the object. */
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-language',
  'content-type',
  'expires',
];
const MAX_METADATA_BYTES = 2 * 1024;

export async function putObject(exchange: S3Exchange): Promise<void> {
  const { request, response, store, maxObjectBytes } = exchange;
  if (header(request, 'x-amz-copy-source') !== undefined) {
    throw new S3Error('NotImplemented', 'CopyObject is not supported here.');
  }
  const draft = draftOf(exchange);
  const { versionId, file } = store.newFile();
  const body = await receiveBody(
    exchange.incoming,
    request,
    exchange.signature,
    file,
    maxObjectBytes,
  );
  const { sizeBytes, md5Hex: etag, checksums } = body;
  const version = await store.commit(
    versionId,
    { ...draft, sizeBytes, etag, checksums },
    { ifMatch: header(request, 'if-match'), ifNoneMatch: header(request, 'if-none-match') },
  );
  exchange.notifier.notify(version, version.notify);
  response.writeHead(200, {
    etag: `"${version.etag}"`,
    'x-amz-version-id': versionName(version),
    ...checksumHeaders(version.checksums),
  });
  response.end();
}

/** What the request's headers say about an object that is about to be written. */
export function draftOf({ request, store, notifier }: S3Exchange): NewVersion {
  const { bucket, key } = request;
  if (Buffer.byteLength(key) > 1024) {
    throw new S3Error('KeyTooLongError', 'Your key is too long.');
  }
  // Also where there is no such bucket: before the body is read.
  store.versionsOf(bucket, key);
  const metadata = headersAfter(request, 'x-amz-meta-');
  if (Buffer.byteLength(Object.entries(metadata).flat().join('')) > MAX_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed size.');
  }
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = header(request, name);
    if (value !== undefined) headers[name] = value;
  }
  const coding = header(request, 'content-encoding')
    ?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== 'aws-chunked' && one !== '')
    .join(',');
  if (coding) headers['content-encoding'] = coding;
  return {
    bucket,
    key,
    deleteMarker: false,
    sizeBytes: 0,
    etag: '',
    headers,
    metadata,
    checksums: {},
    notify: notifier.dueFor(bucket, key),
  };
}

/** GET and HEAD. */
export async function readObject({ request, response, store }: S3Exchange): Promise<void> {
  const version = findVersion(store, request);
  checkRead(request, version);
  const range = byteRange(header(request, 'range'), version.sizeBytes);
  const { start, end } = range ?? { start: 0, end: version.sizeBytes - 1 };
  const wantsChecksum = header(request, 'x-amz-checksum-mode') === 'ENABLED' && !range;
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': 'application/octet-stream',
    ...version.headers,
    ...headersFromQuery(request),
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    ...(range === undefined
      ? {}
      : { 'content-range': `bytes ${start}-${end}/${version.sizeBytes}` }),
    etag: `"${version.etag}"`,
    'last-modified': new Date(version.modifiedAt).toUTCString(),
    'x-amz-version-id': versionName(version),
    ...(wantsChecksum ? checksumHeaders(version.checksums) : {}),
    ...Object.fromEntries(
      Object.entries(version.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
    ),
  });
  if (request.method === 'HEAD' || version.sizeBytes === 0) {
    response.end();
    return;
  }
  await pipeline(createReadStream(store.fileOf(version.versionId), { start, end }), response);
}

/** Without a version id a marker hides the object, with one that version is removed for good. */
export async function deleteObject({ request, response, store }: S3Exchange): Promise<void> {
  const { bucket, key } = request;
  const given = parameter(request, 'versionId');
  if (given !== undefined) {
    const version = store.versionsOf(bucket, key).find((one) => versionName(one) === given);
    if (version !== undefined) await store.erase(bucket, key, version.versionId);
    response.writeHead(204, { 'x-amz-version-id': given }).end();
    return;
  }
  const marker = await store.commit(store.newFile().versionId, {
    bucket,
    key,
    deleteMarker: true,
    sizeBytes: 0,
    etag: '',
    headers: {},
    metadata: {},
    checksums: {},
    notify: [],
  });
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': versionName(marker) };
  response.writeHead(204, headers).end();
}

function findVersion(store: S3Store, request: S3Request): ObjectVersion {
  const versions = store.versionsOf(request.bucket, request.key);
  const wanted = parameter(request, 'versionId');
  if (wanted === undefined) {
    const latest = versions[0];
    if (latest !== undefined && !latest.deleteMarker) return latest;
    throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  }
  const version = versions.find((one) => versionName(one) === wanted);
  if (version === undefined) {
    throw new S3Error('NoSuchVersion', 'The specified version does not exist.');
  }
  if (version.deleteMarker) {
    throw new S3Error('MethodNotAllowed', 'The specified version is a delete marker.');
  }
  return version;
}

/** A presigned URL may say how the answer is to be labelled: `response-content-type=…`. */
function headersFromQuery(request: S3Request): Record<string, string> {
  const prefix = 'response-';
  return Object.fromEntries(
    request.query
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}
