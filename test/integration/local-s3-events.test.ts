import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { BUCKET, LocalS3 } from '../support/local-s3.ts';

const Bucket = BUCKET;

describe('the events of the local S3 server', () => {
  let s3: LocalS3;

  beforeEach(() => {
    s3 = new LocalS3();
  });

  afterEach(() => s3.remove());

  const put = async (Key: string, Body = 'content') =>
    s3.client().send(new PutObjectCommand({ Bucket, Key, Body }));

  it('are shaped as those of AWS, after a test event', async () => {
    await s3.start();
    const written = await put('user-audio-file/7/audio_line_1.wav', 'hello');
    const [object] = await s3.announced(1);
    const [test, message] = s3.messages;
    assert.equal(test?.Event, 's3:TestEvent');
    assert.equal(test.Bucket, BUCKET);
    assert.equal(test.Records, undefined);
    const record = message?.Records?.at(0);
    assert.equal(record?.eventVersion, '2.1');
    assert.equal(record.eventSource, 'aws:s3');
    assert.equal(record.eventName, 'ObjectCreated:Put');
    assert.equal(new Date(record.eventTime).toISOString(), record.eventTime);
    assert.equal(record.s3.bucket.name, BUCKET);
    assert.ok(object);
    assert.deepEqual(object, {
      key: 'user-audio-file/7/audio_line_1.wav',
      size: 5,
      eTag: '5d41402abc4b2a76b9719d911017c592',
      versionId: written.VersionId,
      sequencer: object.sequencer,
    });
    assert.match(object.sequencer, /^[0-9A-F]{18}$/);
  });

  it('carry keys encoded as in a form, and the object is found under the decoded key', async () => {
    await s3.start();
    const keys = [
      'a b.wav',
      'a+b.wav',
      '100%.wav',
      'it\'s "quoted".wav',
      '발음/연습 1.wav',
      'emoji 😀/&<>.wav',
      'a//b/../c.wav',
      'semi;colon=equals?query#hash.wav',
    ];
    for (const key of keys) await put(key, key);
    const announced = await s3.announced(keys.length);
    const decoded = announced.map(({ key }) => new URLSearchParams(`k=${key}`).get('k'));
    assert.deepEqual(decoded, keys);
    assert.deepEqual(
      announced.slice(0, 3).map(({ key }) => key),
      ['a+b.wav', 'a%2Bb.wav', '100%25.wav'],
    );
    for (const Key of keys) {
      const { Body } = await s3.client().send(new GetObjectCommand({ Bucket, Key }));
      assert.equal(await Body?.transformToString(), Key);
    }
    const list = await s3.client().send(new ListObjectsV2Command({ Bucket }));
    const listed = list.Contents?.map(({ Key }) => Key) ?? [];
    assert.deepEqual(new Set(listed), new Set(keys));
  });

  it('are sent for creations in the bucket with the prefix and the suffix only', async () => {
    await s3.start({
      buckets: ['standard-audio-file'],
      notifications: [{ bucket: BUCKET, prefix: 'in/', suffix: '.wav', queueUrl: 'queue' }],
    });
    await put('in/a.txt');
    await put('out/a.wav');
    const elsewhere = { Bucket: 'standard-audio-file', Key: 'in/a.wav', Body: 'x' };
    await s3.client().send(new PutObjectCommand(elsewhere));
    await put('in/first.wav');
    await s3.client().send(new DeleteObjectCommand({ Bucket, Key: 'in/first.wav' }));
    await put('in/last.wav');
    const announced = await s3.announced(2);
    assert.deepEqual(
      announced.map(({ key }) => key),
      ['in/first.wav', 'in/last.wav'],
    );
  });

  it('say so when the object came in parts', async () => {
    await s3.start();
    const client = s3.client();
    const which = { Bucket, Key: 'parts.wav' };
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(which));
    const part = { ...which, UploadId, PartNumber: 1, Body: 'only part' };
    const { ETag } = await client.send(new UploadPartCommand(part));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ ...which, UploadId, MultipartUpload }));
    await s3.announced(1);
    const names = s3.messages.flatMap(({ Records = [] }) => Records.map((one) => one.eventName));
    assert.deepEqual(names, ['ObjectCreated:CompleteMultipartUpload']);
  });

  it('wait for a queue that is down, in order, and are each delivered', async () => {
    let failures = 3;
    await s3.start({
      deliver: (event) => {
        if (failures-- > 0) return Promise.reject(new Error('queue down'));
        s3.take(event);
        return Promise.resolve();
      },
    });
    const written = [await put('same.wav', '1'), await put('same.wav', '2')];
    const announced = await s3.announced(2);
    assert.deepEqual(
      announced.map(({ versionId }) => versionId),
      written.map(({ VersionId }) => VersionId),
    );
    assert.equal(s3.reports.filter((line) => line.includes('queue down')).length, 3);
  });

  it('outlive a restart when the queue was down, and are not repeated when it was not', async () => {
    await s3.start();
    await put('delivered.wav');
    await s3.announced(1);
    await s3.stop();
    await s3.start({ deliver: () => Promise.reject(new Error('queue down')) });
    const late = await put('late.wav');
    await s3.stop();
    s3.messages.length = 0;
    await s3.start();
    const [object] = await s3.announced(1);
    assert.equal(object?.versionId, late.VersionId);
    assert.equal(s3.messages.length, 2, 'the test event and the late object');
  });

  it('never go back in sequence, whatever happens to the clock and the server', async () => {
    await s3.start();
    await put('a.wav');
    await s3.stop();
    const [before] = await s3.announced(1);
    assert.ok(before);
    // A clock that was an hour ahead when the last version was written.
    const journal = join(s3.folder, 'data/journal.jsonl');
    const ahead = (BigInt(`0x${before.sequencer}`) + (3_600_000n << 12n)).toString(16);
    const version = {
      ...{ bucket: BUCKET, key: 'a.wav', versionId: 'f'.repeat(32), deleteMarker: true },
      ...{ sequencer: ahead.toUpperCase().padStart(18, '0'), modifiedAt: '', sizeBytes: 0 },
      ...{ etag: '', headers: {}, metadata: {}, checksums: {}, notify: [] },
    };
    appendFileSync(journal, `${JSON.stringify({ op: 'version', version })}\n`);
    await s3.start();
    await put('a.wav');
    const [, after] = await s3.announced(2);
    assert.ok(after && after.sequencer > version.sequencer);
  });
});

describe('the local S3 server after a restart', () => {
  let s3: LocalS3;

  beforeEach(async () => {
    s3 = new LocalS3();
    await s3.start();
  });

  afterEach(() => s3.remove());

  const put = async (Key: string, Body: string) =>
    s3.client().send(new PutObjectCommand({ Bucket, Key, Body, Metadata: { 'user-id': '7' } }));
  const get = async (Key: string, more: object = {}) =>
    s3.client().send(new GetObjectCommand({ Bucket, Key, ...more }));

  it('has all objects, versions and metadata', async () => {
    const first = await put('한 글+.wav', 'one');
    await put('한 글+.wav', 'two');
    await s3.stop();
    await s3.start();
    const latest = await get('한 글+.wav');
    assert.equal(await latest.Body?.transformToString(), 'two');
    assert.deepEqual(latest.Metadata, { 'user-id': '7' });
    const old = await get('한 글+.wav', { VersionId: first.VersionId });
    assert.equal(await old.Body?.transformToString(), 'one');
  });

  it('drops what a crash has cut short: half a journal line, a file without one', async () => {
    const { VersionId } = await put('whole.wav', 'whole');
    await s3.stop();
    const data = join(s3.folder, 'data');
    appendFileSync(join(data, 'journal.jsonl'), '{"op":"version","version":{"bucket":"user-a');
    writeFileSync(join(data, 'contents', 'e'.repeat(32)), 'half a recor');
    await s3.start();
    assert.deepEqual(readdirSync(join(data, 'contents')), [VersionId]);
    await put('next.wav', 'next');
    await s3.stop();
    await s3.start();
    const list = await s3.client().send(new ListObjectsV2Command({ Bucket }));
    assert.deepEqual(
      list.Contents?.map(({ Key }) => Key),
      ['next.wav', 'whole.wav'],
    );
  });

  it('refuses a journal that is damaged in the middle, naming the line', async () => {
    await put('a.wav', 'a');
    await s3.stop();
    appendFileSync(join(s3.folder, 'data/journal.jsonl'), 'garbage\n{"op":"bucket"}\n');
    await assert.rejects(s3.start(), /journal\.jsonl is damaged in line \d/);
  });

  it('is refused while the first server still runs on the folder', async () => {
    const rival = new LocalS3();
    const dataDir = join(s3.folder, 'data');
    await assert.rejects(rival.start({ dataDir }), new RegExp(`in use by process ${process.pid}`));
    await rival.remove();
  });
});
