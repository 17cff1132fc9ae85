import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { presignUpload } from '../../src/adapters/s3.ts';
import { BUCKET, credentials, LocalS3 } from '../support/local-s3.ts';

const Bucket = BUCKET;
const md5 = (body: Uint8Array): string => createHash('md5').update(body).digest('hex');

describe('the local S3 server, seen by the AWS SDK', () => {
  const s3 = new LocalS3();
  let client: S3Client;

  before(async () => {
    await s3.start({ maxObjectBytes: 16 * 1024 * 1024 });
    client = s3.client();
  });

  after(() => s3.remove());

  const put = (Key: string, Body: Uint8Array | string) =>
    client.send(new PutObjectCommand({ Bucket, Key, Body }));
  const get = async (Key: string, more: object = {}): Promise<Buffer> => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, ...more }));
    assert.ok(Body);
    return Buffer.from(await Body.transformToByteArray());
  };

  it('gives back content, metadata, type and checksum of an object', async () => {
    const body = randomBytes(100_000);
    const written = await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'meta.wav',
        Body: body,
        ContentType: 'audio/wav',
        Metadata: { 'user-id': '7', 'object-id': '42' },
      }),
    );
    const head = await client.send(
      new HeadObjectCommand({ Bucket, Key: 'meta.wav', ChecksumMode: 'ENABLED' }),
    );
    assert.deepEqual(head.Metadata, { 'user-id': '7', 'object-id': '42' });
    assert.equal(head.ContentType, 'audio/wav');
    assert.equal(head.ContentLength, body.length);
    assert.equal(head.ETag, `"${md5(body)}"`);
    assert.equal(head.VersionId, written.VersionId);
    assert.equal(head.ChecksumCRC32, written.ChecksumCRC32);
    assert.ok((await get('meta.wav', { ChecksumMode: 'ENABLED' })).equals(body));
  });

  it('stores a stream sent in chunks with a trailing checksum', async () => {
    const body = randomBytes(200_001);
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'stream.wav',
        Body: Readable.from([body.subarray(0, 70_000), body.subarray(70_000)]),
        ContentLength: body.length,
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    assert.ok((await get('stream.wav')).equals(body));
    const head = await client.send(
      new HeadObjectCommand({ Bucket, Key: 'stream.wav', ChecksumMode: 'ENABLED' }),
    );
    assert.equal(head.ContentEncoding, undefined);
    assert.equal(head.ChecksumSHA256, createHash('sha256').update(body).digest('base64'));
  });

  it('keeps every version and hides a deleted object behind a marker', async () => {
    const first = await put('versions.wav', 'one');
    const second = await put('versions.wav', 'two');
    assert.notEqual(first.VersionId, second.VersionId);
    assert.equal((await get('versions.wav')).toString(), 'two');
    assert.equal((await get('versions.wav', { VersionId: first.VersionId })).toString(), 'one');

    const marker = await client.send(new DeleteObjectCommand({ Bucket, Key: 'versions.wav' }));
    assert.equal(marker.DeleteMarker, true);
    await assert.rejects(get('versions.wav'), { name: 'NoSuchKey' });
    assert.equal((await get('versions.wav', { VersionId: second.VersionId })).toString(), 'two');

    const list = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: 'versions.wav' }),
    );
    assert.deepEqual(
      list.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
      [
        [second.VersionId, false],
        [first.VersionId, false],
      ],
    );
    assert.deepEqual(
      list.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest]),
      [[marker.VersionId, true]],
    );
    await client.send(
      new DeleteObjectCommand({ Bucket, Key: 'versions.wav', VersionId: marker.VersionId }),
    );
    assert.equal((await get('versions.wav')).toString(), 'two');
    await assert.rejects(get('versions.wav', { VersionId: marker.VersionId }), {
      name: 'NoSuchVersion',
    });
  });

  it('answers ranges and conditions', async () => {
    const { ETag } = await put('range.wav', '0123456789');
    const part = await client.send(
      new GetObjectCommand({ Bucket, Key: 'range.wav', Range: 'bytes=2-4' }),
    );
    assert.equal(await part.Body?.transformToString(), '234');
    assert.equal(part.ContentRange, 'bytes 2-4/10');
    assert.equal(part.$metadata.httpStatusCode, 206);
    assert.equal((await get('range.wav', { IfMatch: ETag })).toString(), '0123456789');
    const status = (code: number) => (error: { $metadata?: { httpStatusCode?: number } }) =>
      error.$metadata?.httpStatusCode === code;
    await assert.rejects(get('range.wav', { IfMatch: '"other"' }), status(412));
    await assert.rejects(get('range.wav', { IfNoneMatch: ETag }), status(304));
    await assert.rejects(get('range.wav', { Range: 'bytes=10-' }), status(416));
    const command = new PutObjectCommand({ Bucket, Key: 'range.wav', Body: 'x', IfNoneMatch: '*' });
    await assert.rejects(client.send(command), status(412));
  });

  it('lists in pages, folds below a delimiter and leaves deleted objects out', async () => {
    const keys = ['list/a.wav', 'list/b/1.wav', 'list/b/2.wav', 'list/c.wav', 'list/gone.wav'];
    for (const key of keys) await put(key, key);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'list/gone.wav' }));
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix: 'list/', MaxKeys: 3, ContinuationToken }),
      );
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    assert.deepEqual(seen, keys.slice(0, 4));
    const folded = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'list/', Delimiter: '/' }),
    );
    assert.deepEqual(
      folded.CommonPrefixes?.map(({ Prefix }) => Prefix),
      ['list/b/'],
    );
    assert.equal(folded.Contents?.[0]?.Size, keys[0]?.length);
  });

  it('creates buckets once and knows which there are', async () => {
    await client.send(new CreateBucketCommand({ Bucket: 'another-bucket' }));
    await client.send(new HeadBucketCommand({ Bucket: 'another-bucket' }));
    const again = new CreateBucketCommand({ Bucket: 'another-bucket' });
    await assert.rejects(client.send(again), { name: 'BucketAlreadyOwnedByYou' });
    await assert.rejects(client.send(new HeadBucketCommand({ Bucket: 'none-such' })), {
      name: 'NotFound',
    });
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    assert.deepEqual(
      Buckets?.map(({ Name }) => Name),
      [BUCKET, 'another-bucket'],
    );
  });

  it('joins the parts of a multipart upload and forgets an aborted one', async () => {
    const Key = 'parts.wav';
    const parts = [randomBytes(5 * 1024 * 1024), randomBytes(1000)];
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'audio/wav' }),
    );
    const done = await Promise.all(
      parts.map(async (Body, index) => {
        const PartNumber = index + 1;
        const upload = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body });
        return { PartNumber, ETag: (await client.send(upload)).ETag };
      }),
    );
    const { ETag } = await client.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts: done },
      }),
    );
    assert.match(ETag ?? '', /^"[0-9a-f]{32}-2"$/);
    assert.ok((await get(Key)).equals(Buffer.concat(parts)));
    const aborted = await client.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const which = { Bucket, Key, UploadId: aborted.UploadId };
    await client.send(new AbortMultipartUploadCommand(which));
    const late = new UploadPartCommand({ ...which, PartNumber: 1, Body: 'x' });
    await assert.rejects(client.send(late), { name: 'NoSuchUpload' });
  });

  it('refuses a body whose checksum differs, and tells the reason', async () => {
    const command = new PutObjectCommand({
      Bucket,
      Key: 'bad.wav',
      Body: 'hello',
      ChecksumCRC32: 'AAAAAA==',
    });
    await assert.rejects(client.send(command), { name: 'BadDigest' });
    await assert.rejects(get('bad.wav'), { name: 'NoSuchKey' });
  });

  it('refuses what is larger than the limit, and tells the reason', async () => {
    const body = Buffer.alloc(17 * 1024 * 1024);
    await assert.rejects(put('large.wav', body), { name: 'EntityTooLarge' });
    await assert.rejects(get('large.wav'), { name: 'NoSuchKey' });
  });

  it('refuses a wrong secret, an unsigned request and features it does not have', async () => {
    const wrong = s3.client({ credentials: { ...credentials, secretAccessKey: 'guess' } });
    const command = new GetObjectCommand({ Bucket, Key: 'meta.wav' });
    await assert.rejects(wrong.send(command), { name: 'SignatureDoesNotMatch' });
    const response = await fetch(`${s3.endpoint}/${BUCKET}/meta.wav`);
    assert.equal(response.status, 403);
    assert.match(await response.text(), /<Code>AccessDenied<\/Code>/);
    const copy = { Bucket, Key: 'copy.wav', CopySource: `${BUCKET}/meta.wav` };
    await assert.rejects(client.send(new CopyObjectCommand(copy)), { name: 'NotImplemented' });
  });

  it('never lets a key become a path', async () => {
    const key = '../../../../../../tmp/elocute-escape.wav';
    const status = await rawPut(
      await getSignedUrl(
        s3.client({ requestChecksumCalculation: 'WHEN_REQUIRED' }),
        new PutObjectCommand({ Bucket, Key: 'x' }),
      ),
      `/${BUCKET}/${key}`,
    );
    assert.equal(status, 403);
    await put('up/../../down.wav', 'content');
    const files = readdirSync(join(s3.folder, 'data/contents'));
    assert.ok(files.every((name) => /^[0-9a-f]{32}$/.test(name)));
    assert.deepEqual(readdirSync(s3.folder), ['data']);
  });

  /** Sends the path as it stands; `fetch` would tidy it up. */
  function rawPut(presigned: string, path: string): Promise<number | undefined> {
    const { port, search } = new URL(presigned);
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port, path: `${path}${search}`, method: 'PUT' };
      const sent = httpRequest(options, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.once('error', reject);
      sent.end('content');
    });
  }
});

describe('presigned URLs of the local S3 server', () => {
  const s3 = new LocalS3();
  let presigner: S3Client;

  before(async () => {
    await s3.start();
    presigner = s3.client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  });

  after(() => s3.remove());

  it('take an upload from a browser, its metadata included, and give it back', async () => {
    const body = randomBytes(50_000);
    const upload = await getSignedUrl(
      presigner,
      new PutObjectCommand({
        Bucket,
        Key: 'browser upload.wav',
        ContentType: 'audio/wav',
        Metadata: { 'user-id': '7' },
      }),
      { expiresIn: 60 },
    );
    const origin = 'http://localhost:3000';
    const preflight = await fetch(upload, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*');
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'content-type');
    assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /PUT/);

    const headers = { origin, 'content-type': 'audio/wav' };
    const uploaded = await fetch(upload, { method: 'PUT', body, headers });
    assert.equal(uploaded.status, 200, await uploaded.text());
    assert.match(uploaded.headers.get('access-control-expose-headers') ?? '', /x-amz-version-id/);
    const which = { Bucket, Key: 'browser upload.wav' };
    const head = await presigner.send(new HeadObjectCommand(which));
    assert.deepEqual(head.Metadata, { 'user-id': '7' });
    assert.equal(head.ContentType, 'audio/wav');
    const download = await getSignedUrl(presigner, new GetObjectCommand(which));
    assert.ok(Buffer.from(await (await fetch(download)).arrayBuffer()).equals(body));
  });

  it('are refused when expired, altered or used for another key', async () => {
    const command = new PutObjectCommand({ Bucket, Key: 'a.wav' });
    const expired = await getSignedUrl(presigner, command, {
      expiresIn: 60,
      signingDate: new Date(Date.now() - 61_000),
    });
    const valid = await getSignedUrl(presigner, command);
    for (const [url, reason] of [
      [expired, 'Request has expired'],
      [valid.replace('/a.wav', '/b.wav'), 'SignatureDoesNotMatch'],
      [valid.replace('X-Amz-Expires=900', 'X-Amz-Expires=9000'), 'SignatureDoesNotMatch'],
    ] as const) {
      const response = await fetch(url, { method: 'PUT', body: 'x' });
      assert.equal(response.status, 403);
      assert.ok((await response.text()).includes(reason));
    }
    const list = await presigner.send(new ListObjectsV2Command({ Bucket }));
    assert.ok(!list.Contents?.some(({ Key }) => Key === 'a.wav' || Key === 'b.wav'));
  });

  it('made for an upload of ours take a WAV, and no other content type', async () => {
    const url = await presignUpload(presigner, { bucket: Bucket, key: 'ours.wav' }, 60);
    const put = (type: string) =>
      fetch(url, { method: 'PUT', body: 'x', headers: { 'content-type': type } });
    assert.equal((await put('text/html')).status, 403);
    assert.equal((await put('audio/wav')).status, 200);
  });

  it('made with default settings carry the checksum of an empty body, and are refused as on S3', async () => {
    const url = await getSignedUrl(s3.client(), new PutObjectCommand({ Bucket, Key: 'c.wav' }));
    const response = await fetch(url, { method: 'PUT', body: 'not empty' });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /<Code>BadDigest<\/Code>/);
  });
});
