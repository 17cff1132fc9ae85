/** Uploads as the application would, and stubborn: a store that is down is asked again. */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Application } from './application.ts';
import { BUCKETS, CREDENTIALS, LIMITS } from './chaos-stack.ts';
import type { Ledger } from './ledger.ts';
import { keyOf, type PlannedKey } from './plan-uploads.ts';
import { recordingBytes } from './recording-bytes.ts';
import { kindOf } from './upload-kinds.ts';

export interface ExampleRecording {
  /** `{contentType}/level_{n}/{Title}/audio_line_{n}.wav` */
  lesson: string;
  bytes: Uint8Array;
}

export interface Uploader {
  /** All steps of one key, each after the one before was acknowledged. */
  run(planned: PlannedKey, signal: AbortSignal): Promise<void>;
  setVersioning(status: 'Enabled' | 'Suspended', signal: AbortSignal): Promise<void>;
  /** Requests that had to be sent again. */
  repeats(): number;
  close(): void;
}

const AGAIN_AFTER_MS = 300;

export function createUploader(
  endpoint: string,
  recordings: readonly ExampleRecording[],
  ledger: Ledger,
  application: Application,
): Uploader {
  let repeats = 0;
  const s3 = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: CREDENTIALS,
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000 },
  });
  const stubborn = async <T>(send: () => Promise<T>, signal: AbortSignal): Promise<T> => {
    for (;;) {
      try {
        return await send();
      } catch {
        signal.throwIfAborted();
        repeats += 1;
        await delay(AGAIN_AFTER_MS, undefined, { signal });
      }
    }
  };
  return {
    async run(planned, signal) {
      const recording = recordings[planned.recording % recordings.length];
      if (recording === undefined) throw new Error('There are no example recordings.');
      const Key = keyOf(planned, recording.lesson, BUCKETS.user);
      for (const step of planned.steps) {
        await delay(step.afterMs, undefined, { signal });
        if (step.action === 'delete') {
          await stubborn(
            () => s3.send(new DeleteObjectCommand({ Bucket: BUCKETS.user, Key })),
            signal,
          );
          ledger.delete(Key);
          continue;
        }
        const { shape } = kindOf(step.kind);
        const Body = recordingBytes(shape, recording.bytes, step.variant, LIMITS);
        const digest = (name: string) => createHash(name).update(Body).digest('hex');
        const etag = digest('md5');
        const intent = { key: Key, etag, sha256: digest('sha256'), kind: step.kind };
        ledger.intend(intent);
        if (planned.expected) {
          const now = Date.now();
          await stubborn(() => application.expectScore(Key, planned.user, now), signal);
        }
        const { VersionId } = await stubborn(
          () => s3.send(new PutObjectCommand({ Bucket: BUCKETS.user, Key, Body })),
          signal,
        );
        const versionId = VersionId === undefined || VersionId === 'null' ? null : VersionId;
        ledger.acknowledge({ ...intent, versionId, atMs: Date.now() });
      }
    },
    async setVersioning(Status, signal) {
      const VersioningConfiguration = { Status };
      await stubborn(
        () =>
          s3.send(
            new PutBucketVersioningCommand({ Bucket: BUCKETS.user, VersioningConfiguration }),
          ),
        signal,
      );
    },
    repeats: () => repeats,
    close: () => s3.destroy(),
  };
}
