import { S3Error } from './s3-error.ts';
import { listObjects, listVersions } from './s3-listing.ts';
import { handleMultipart } from './s3-multipart.ts';
import type { MultipartUploads } from './s3-multipart.ts';
import { deleteObject, putObject, readObject } from './s3-object-routes.ts';
import type { S3Exchange } from './s3-object-routes.ts';
import { parameter } from './s3-request.ts';
import { readText } from './s3-text.ts';
import { element, group, textsOf, xmlDocument } from './s3-xml.ts';

/** Query parameters that are understood; any other names a feature that is not here. */
const KNOWN_PARAMETERS = new Set([
  'continuation-token',
  'delimiter',
  'encoding-type',
  'fetch-owner',
  'key-marker',
  'list-type',
  'location',
  'max-keys',
  'partNumber',
  'prefix',
  'start-after',
  'uploadId',
  'uploads',
  'version-id-marker',
  'versionId',
  'versioning',
  'versions',
  'x-id',
]);

/** Answers one request whose signature has been verified; throws `S3Error` for refusals. */
export async function route(exchange: S3Exchange, uploads: MultipartUploads): Promise<void> {
  const { request } = exchange;
  const unknown = request.query.find(
    ([name]) => !KNOWN_PARAMETERS.has(name) && !/^(x-amz-|response-)/i.test(name),
  );
  if (unknown !== undefined) throw notImplemented(`?${unknown[0]}`);
  if (request.bucket === '') listBuckets(exchange);
  else if (request.key === '') await routeBucket(exchange);
  else if (!(await handleMultipart(exchange, uploads))) await routeObject(exchange);
}

async function routeObject(exchange: S3Exchange): Promise<void> {
  switch (exchange.request.method) {
    case 'PUT':
      return putObject(exchange);
    case 'GET':
    case 'HEAD':
      return readObject(exchange);
    case 'DELETE':
      return deleteObject(exchange);
    default:
      throw notImplemented(`${exchange.request.method} of an object`);
  }
}

async function routeBucket(exchange: S3Exchange): Promise<void> {
  const { request, response, store } = exchange;
  const has = (name: string): boolean => parameter(request, name) !== undefined;
  if (request.method === 'PUT' && request.query.every(([name]) => name === 'x-id')) {
    await createBucket(exchange);
    return;
  }
  // Throws where there is no such bucket.
  store.versionsOf(request.bucket, '');
  if (request.method === 'PUT' && has('versioning')) await setVersioning(exchange);
  else if (request.method === 'HEAD')
    response.writeHead(200, { 'x-amz-bucket-region': 'us-east-1' }).end();
  else if (request.method !== 'GET') throw notImplemented(`${request.method} of a bucket`);
  else if (has('location')) sendXml(exchange, xmlDocument('LocationConstraint'));
  else if (has('versioning')) {
    sendXml(
      exchange,
      xmlDocument('VersioningConfiguration', element('Status', store.versioningOf(request.bucket))),
    );
  } else if (has('versions')) sendXml(exchange, listVersions(store, request));
  else if (parameter(request, 'list-type') === '2') sendXml(exchange, listObjects(store, request));
  else throw notImplemented('ListObjects version 1');
}

async function setVersioning({ request, incoming, response, store }: S3Exchange): Promise<void> {
  const [status] = textsOf(await readText(incoming), 'Status');
  if (status !== 'Enabled' && status !== 'Suspended') {
    throw new S3Error('MalformedXML', 'Status must be Enabled or Suspended.');
  }
  await store.setVersioning(request.bucket, status);
  response.writeHead(200).end();
}

async function createBucket({ request, response, store }: S3Exchange): Promise<void> {
  checkBucketName(request.bucket);
  if (!(await store.createBucket(request.bucket))) {
    throw new S3Error('BucketAlreadyOwnedByYou', 'You already own this bucket.');
  }
  response.writeHead(200, { location: `/${request.bucket}` }).end();
}

/** Source: docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function checkBucketName(bucket: string): void {
  if (/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) && !bucket.includes('..')) return;
  throw new S3Error('InvalidBucketName', 'The specified bucket is not valid.');
}

function listBuckets(exchange: S3Exchange): void {
  if (exchange.request.method !== 'GET') throw notImplemented(exchange.request.method);
  const buckets = exchange.store
    .buckets()
    .map(({ bucket, createdAt }) =>
      group('Bucket', element('Name', bucket), element('CreationDate', createdAt)),
    );
  sendXml(exchange, xmlDocument('ListAllMyBucketsResult', group('Buckets', ...buckets)));
}

function sendXml({ response }: S3Exchange, xml: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' }).end(xml);
}

function notImplemented(what: string): S3Error {
  return new S3Error('NotImplemented', `The local S3 server does not support ${what}.`);
}
