import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { BUCKET, LocalS3 } from '../support/local-s3.ts';

const Bucket = BUCKET;

describe('a bucket of the local S3 server that keeps no versions', () => {
  let s3: LocalS3;
  beforeEach(async () => {
    s3 = new LocalS3();
    await s3.start();
  });
  afterEach(() => s3.remove());

  const setVersioning = (Status: 'Enabled' | 'Suspended') =>
    s3
      .client()
      .send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  const put = (Key: string, Body: string) =>
    s3.client().send(new PutObjectCommand({ Bucket, Key, Body }));
  const read = async (Key: string, more: object = {}) => {
    const { Body, VersionId } = await s3
      .client()
      .send(new GetObjectCommand({ Bucket, Key, ...more }));
    return [await Body?.transformToString(), VersionId];
  };
  const versions = async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3
      .client()
      .send(new ListObjectVersionsCommand({ Bucket }));
    return [
      ...Versions.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]),
      ...DeleteMarkers.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest, 'marker']),
    ];
  };
  const contents = () => readdirSync(join(s3.folder, 'data', 'contents')).length;

  it('lists versions page by page, also within a key', async () => {
    await setVersioning('Enabled');
    for (const key of ['a b.wav', 'a b.wav', 'c+.wav', 'c+.wav', 'd.wav']) await put(key, key);
    await s3.client().send(new DeleteObjectCommand({ Bucket, Key: 'c+.wav' }));
    const everything = await versions();
    assert.equal(everything.length, 6);
    for (const MaxKeys of [1, 2, 4, 6]) {
      const pages: unknown[][] = [];
      let markers: { KeyMarker?: string; VersionIdMarker?: string } | null = {};
      while (markers !== null) {
        const page: ListObjectVersionsCommandOutput = await s3
          .client()
          .send(new ListObjectVersionsCommand({ Bucket, MaxKeys, ...markers }));
        const { Versions = [], DeleteMarkers = [], NextKeyMarker, NextVersionIdMarker } = page;
        assert.ok(Versions.length + DeleteMarkers.length <= MaxKeys);
        pages.push(
          ...Versions.map(({ Key, VersionId, IsLatest }) => [Key, VersionId, IsLatest]),
          ...DeleteMarkers.map(({ Key, VersionId }) => [Key, VersionId, true, 'marker']),
        );
        markers = page.IsTruncated === true ? { KeyMarker: NextKeyMarker ?? '' } : null;
        if (markers !== null) markers.VersionIdMarker = NextVersionIdMarker ?? '';
      }
      assert.deepEqual(pages.sort(), everything.sort(), `${MaxKeys} a page`);
    }
    const after = await s3
      .client()
      .send(new ListObjectVersionsCommand({ Bucket, KeyMarker: 'a b.wav' }));
    assert.deepEqual(
      after.Versions?.map(({ Key }) => Key),
      ['c+.wav', 'c+.wav', 'd.wav'],
    );
    await assert.rejects(
      s3.client().send(new ListObjectVersionsCommand({ Bucket, VersionIdMarker: 'x' })),
      { name: 'InvalidArgument' },
    );
  });

  it('replaces an object, and announces both without a version', async () => {
    await setVersioning('Suspended');
    const status = await s3.client().send(new GetBucketVersioningCommand({ Bucket }));
    assert.equal(status.Status, 'Suspended');
    const first = await put('a.wav', 'one');
    assert.equal(first.VersionId, 'null');
    await put('a.wav', 'two');
    assert.deepEqual(await versions(), [['a.wav', 'null', true]]);
    assert.equal(contents(), 1);
    await assert.rejects(read('a.wav', { IfMatch: first.ETag }), { name: 'PreconditionFailed' });
    const announced = await s3.announced(2);
    assert.deepEqual(
      announced.map((object) => [object.key, 'versionId' in object]),
      [
        ['a.wav', false],
        ['a.wav', false],
      ],
    );
  });

  it('stays so over a restart, and keeps versions again when told to', async () => {
    await put('a.wav', 'before');
    await setVersioning('Suspended');
    await put('a.wav', 'one');
    await put('a.wav', 'two');
    await s3.stop();
    await s3.start();
    assert.equal(contents(), 2);
    await put('a.wav', 'three');
    await setVersioning('Enabled');
    const last = await put('a.wav', 'four');
    assert.notEqual(last.VersionId, 'null');
    assert.equal((await versions()).length, 3);
    assert.deepEqual(await read('a.wav', { VersionId: 'null' }), ['three', 'null']);
    assert.deepEqual(await read('a.wav'), ['four', last.VersionId]);
  });

  it('deletes an object for good', async () => {
    await setVersioning('Suspended');
    await put('a.wav', 'one');
    const gone = await s3.client().send(new DeleteObjectCommand({ Bucket, Key: 'a.wav' }));
    assert.deepEqual([gone.DeleteMarker, gone.VersionId], [true, 'null']);
    await assert.rejects(read('a.wav'), { name: 'NoSuchKey' });
    assert.deepEqual(await versions(), [['a.wav', 'null', true, 'marker']]);
    await s3.client().send(new DeleteObjectCommand({ Bucket, Key: 'a.wav', VersionId: 'null' }));
    assert.deepEqual(await versions(), []);
    assert.equal(contents(), 0);
  });

  it('knows only two states', async () => {
    const bad = s3.client().send(
      new PutBucketVersioningCommand({
        Bucket,
        VersioningConfiguration: { Status: 'Off' as 'Enabled' },
      }),
    );
    await assert.rejects(bad, { name: 'MalformedXML' });
  });
});
