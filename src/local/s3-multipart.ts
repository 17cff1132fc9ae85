import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { receiveBody } from './s3-body.ts';
import { checksumHeaders } from './s3-checksums.ts';
import { S3Error } from './s3-error.ts';
import { draftOf } from './s3-object-routes.ts';
import type { S3Exchange } from './s3-object-routes.ts';
import { parameter } from './s3-request.ts';
import type { NewVersion } from './s3-store.ts';
import { readText } from './s3-text.ts';
import { versionName } from './s3-version-name.ts';
import { element, groupsOf, textsOf, xmlDocument } from './s3-xml.ts';

interface Part {
  file: string;
  sizeBytes: number;
  md5Hex: string;
}

interface Upload {
  draft: NewVersion;
  parts: Map<number, Part>;
}

const MIN_PART_BYTES = 5 * 1024 * 1024;

export type MultipartUploads = Map<string, Upload>;

/**
 * Handles the requests of a multipart upload; false where this is none. Unfinished uploads are kept
 * in memory only: after a restart the client gets `NoSuchUpload` and begins again.
 */
export async function handleMultipart(
  exchange: S3Exchange,
  uploads: MultipartUploads,
): Promise<boolean> {
  const { request, response } = exchange;
  const id = parameter(request, 'uploadId');
  if (id === undefined) {
    if (request.method !== 'POST' || parameter(request, 'uploads') === undefined) return false;
    begin(exchange, uploads);
    return true;
  }
  const upload = uploads.get(id);
  if (upload?.draft.bucket !== request.bucket || upload.draft.key !== request.key) {
    throw new S3Error('NoSuchUpload', 'The specified upload does not exist.');
  }
  switch (request.method) {
    case 'PUT':
      await receivePart(exchange, upload);
      return true;
    case 'POST':
      await complete(exchange, upload);
      break;
    case 'DELETE':
      response.writeHead(204).end();
      break;
    default:
      return false;
  }
  uploads.delete(id);
  for (const { file } of upload.parts.values()) await rm(file, { force: true });
  return true;
}

function begin(exchange: S3Exchange, uploads: MultipartUploads): void {
  const id = randomBytes(16).toString('hex');
  const draft = draftOf(exchange);
  uploads.set(id, { draft, parts: new Map() });
  const bucket = element('Bucket', draft.bucket);
  const answer = [bucket, element('Key', draft.key), element('UploadId', id)];
  exchange.response.writeHead(200, { 'content-type': 'application/xml' });
  exchange.response.end(xmlDocument('InitiateMultipartUploadResult', ...answer));
}

async function receivePart(exchange: S3Exchange, upload: Upload): Promise<void> {
  const { request, response, store, maxObjectBytes } = exchange;
  const number = Number(parameter(request, 'partNumber'));
  if (!Number.isInteger(number) || number < 1 || number > 10_000) {
    throw new S3Error('InvalidArgument', 'Part number must be a whole number from 1 to 10000.');
  }
  const { file } = store.newFile();
  const { incoming, signature } = exchange;
  const body = await receiveBody(incoming, request, signature, file, maxObjectBytes);
  const replaced = upload.parts.get(number);
  upload.parts.set(number, { file, sizeBytes: body.sizeBytes, md5Hex: body.md5Hex });
  if (replaced !== undefined) await rm(replaced.file, { force: true });
  const headers = { etag: `"${body.md5Hex}"`, ...checksumHeaders(body.checksums) };
  response.writeHead(200, headers).end();
}

async function complete(exchange: S3Exchange, upload: Upload): Promise<void> {
  const { request, response, store, notifier } = exchange;
  const parts = orderedParts(await readText(exchange.incoming), upload);
  const sizeBytes = parts.reduce((sum, part) => sum + part.sizeBytes, 0);
  if (sizeBytes > exchange.maxObjectBytes) {
    throw new S3Error('EntityTooLarge', `Objects may have ${exchange.maxObjectBytes} bytes here.`);
  }
  const { versionId, file } = store.newFile();
  const joined = async function* () {
    for (const part of parts) yield* createReadStream(part.file) as AsyncIterable<Buffer>;
  };
  await pipeline(joined, createWriteStream(file, { flush: true }));
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.md5Hex, 'hex'));
  const etag = `${md5.digest('hex')}-${parts.length}`;
  const version = await store.commit(versionId, { ...upload.draft, sizeBytes, etag });
  notifier.notify(version, version.notify);
  response.writeHead(200, {
    'content-type': 'application/xml',
    'x-amz-version-id': versionName(version),
  });
  response.end(
    xmlDocument(
      'CompleteMultipartUploadResult',
      element('Bucket', request.bucket),
      element('Key', request.key),
      element('ETag', `"${etag}"`),
    ),
  );
}

/** The parts that the client names, in its order, which must be that of their numbers. */
function orderedParts(xml: string, upload: Upload): Part[] {
  const named = groupsOf(xml, 'Part').map((part) => ({
    number: Number(textsOf(part, 'PartNumber')[0]),
    etag: textsOf(part, 'ETag')[0]?.replaceAll('"', ''),
  }));
  if (named.length === 0) throw new S3Error('MalformedXML', 'No parts are named.');
  return named.map(({ number, etag }, index) => {
    const part = upload.parts.get(number);
    if (part?.md5Hex !== etag || part === undefined) {
      throw new S3Error('InvalidPart', `Part ${number} was not uploaded or has another ETag.`);
    }
    if (index > 0 && number <= (named[index - 1]?.number ?? 0)) {
      throw new S3Error('InvalidPartOrder', 'The list of parts was not in ascending order.');
    }
    if (index < named.length - 1 && part.sizeBytes < MIN_PART_BYTES) {
      throw new S3Error('EntityTooSmall', 'All parts but the last need 5 MiB.');
    }
    return part;
  });
}
