import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { OlderVersion } from '../../src/activities/ports.ts';
import { createOlderVersions } from '../../src/adapters/s3-older-versions.ts';
import { clientsOf } from '../support/aws-servers/clients.ts';
import { startMinistack } from '../support/aws-servers/start.ts';
import { BUCKET, LocalS3 } from '../support/local-s3.ts';
import { NASTY_KEYS } from '../support/nasty-keys.ts';
import { startPlainStore } from '../support/plain-store.ts';
import { freshName } from '../support/services.ts';

const never = new AbortController().signal;

/** All pages, and how many there were. */
async function olderIn(
  client: S3Client,
  bucket: string,
  { prefix = '', pageSize = 1000 } = {},
): Promise<{ versions: OlderVersion[]; pages: number }> {
  const older = createOlderVersions(client, pageSize);
  const versions: OlderVersion[] = [];
  let pages = 0;
  for (let cursor: string | null = null; pages === 0 || cursor !== null; pages += 1) {
    const one = await older.page({ bucket, prefix, cursor }, never);
    versions.push(...one.versions);
    cursor = one.nextCursor;
  }
  return { versions, pages };
}

async function putVersions(client: S3Client, bucket: string, key: string, bodies: string[]) {
  const ids: (string | null)[] = [];
  for (const Body of bodies) {
    const { VersionId } = await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body }),
    );
    ids.push(VersionId ?? null);
  }
  return ids;
}

function found(versions: OlderVersion[]): string[] {
  return versions.map(({ key, versionId }) => `${key} ${versionId ?? '–'}`).sort();
}

interface OpenStore {
  client: S3Client;
  bucket: string;
  close: () => Promise<void>;
}

async function openLocal(): Promise<OpenStore> {
  const local = new LocalS3();
  await local.start();
  return { client: local.client(), bucket: BUCKET, close: () => local.remove() };
}

async function openMinistack(): Promise<OpenStore> {
  const { s3, sqs } = clientsOf(await startMinistack());
  sqs.destroy();
  const bucket = freshName('versions');
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const close = () => {
    s3.destroy();
    return Promise.resolve();
  };
  return { client: s3, bucket, close };
}

describe('older versions of a bucket', function () {
  this.timeout(60_000);

  for (const [name, openStore] of [
    ['the local S3 server', openLocal],
    ['ministack', openMinistack],
  ] as const) {
    it(`are what a newer upload has replaced, whatever the key: ${name}`, async () => {
      const { client, bucket, close } = await openStore();
      try {
        const setVersioning = (Status: 'Enabled' | 'Suspended') => {
          const VersioningConfiguration = { Status };
          return client.send(
            new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }),
          );
        };
        await setVersioning('Suspended');
        await putVersions(client, bucket, 'was-plain.wav', ['no version']);
        await setVersioning('Enabled');
        await putVersions(client, bucket, 'was-plain.wav', ['a version']);
        const expected = ['was-plain.wav –'];
        for (const key of NASTY_KEYS) {
          const [first, second] = await putVersions(client, bucket, key, ['1', '2', '3']);
          expected.push(`${key} ${first ?? ''}`, `${key} ${second ?? ''}`);
        }
        await putVersions(client, bucket, 'once.wav', ['1']);
        await putVersions(client, bucket, 'deleted.wav', ['1', '2']);
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'deleted.wav' }));
        // Recorded again after it was deleted: ministack keeps time in whole seconds, as S3 does.
        await putVersions(client, bucket, 'again.wav', ['1']);
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'again.wav' }));
        await setTimeout(1100);
        const [again] = await putVersions(client, bucket, 'again.wav', ['2', '3']);
        expected.push(`again.wav ${again ?? ''}`);
        const { versions } = await olderIn(client, bucket);
        assert.deepEqual(found(versions), expected.sort());
        for (const { etag, modifiedAtMs, sizeBytes } of versions) {
          assert.match(etag ?? '', /^[0-9a-f]{32}$/);
          assert.ok(Math.abs(Date.now() - modifiedAtMs) < 60_000);
          assert.ok(sizeBytes > 0);
        }
        const below = await olderIn(client, bucket, { prefix: 'was-' });
        assert.deepEqual(found(below.versions), ['was-plain.wav –']);
      } finally {
        await close();
      }
    });
  }

  it('go on over pages; a key stays deleted where its versions fill several', async () => {
    const local = new LocalS3();
    await local.start();
    const client = local.client();
    try {
      const many = Array.from({ length: 105 }, (_, index) => String(index));
      const kept = await putVersions(client, BUCKET, 'a b+.wav', many.slice(0, 3));
      await putVersions(client, BUCKET, 'deleted 100%.wav', many);
      await client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'deleted 100%.wav' }));
      const last = await putVersions(client, BUCKET, 'z.wav', ['1', '2']);
      const { versions, pages } = await olderIn(client, BUCKET, { pageSize: 50 });
      assert.equal(pages, 3);
      assert.deepEqual(
        found(versions),
        [`a b+.wav ${kept[0]}`, `a b+.wav ${kept[1]}`, `z.wav ${last[0]}`].sort(),
      );
    } finally {
      await local.remove();
    }
  });

  it('are none where the store answers with another listing, or may not be asked', async () => {
    const plain = await startPlainStore();
    const local = new LocalS3();
    await local.start();
    const { s3, sqs } = clientsOf(plain.endpoint);
    const stranger = local.client({ credentials: { accessKeyId: 'NOBODY', secretAccessKey: 'x' } });
    try {
      for (let index = 0; index < 1100; index += 1) {
        plain.put('bucket', `${index}.wav`, Buffer.from('1'), new Date());
      }
      assert.deepEqual(await olderIn(s3, 'bucket'), { versions: [], pages: 1 });
      assert.deepEqual(await olderIn(stranger, BUCKET), { versions: [], pages: 1 });
      const cursor = JSON.stringify({ key: 'a', version: null, deletedAtMs: null });
      await assert.rejects(
        createOlderVersions(stranger).page({ bucket: BUCKET, prefix: '', cursor }, never),
        { code: 'STORAGE_DENIED' },
        'but a listing that has begun does not end half way',
      );
    } finally {
      s3.destroy();
      sqs.destroy();
      await local.remove();
      await plain.close();
    }
  });
});
