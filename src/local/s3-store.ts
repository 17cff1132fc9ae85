import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkWrite } from './s3-conditions.ts';
import type { WriteConditions } from './s3-conditions.ts';
import { S3Error } from './s3-error.ts';
import { openJournal } from './s3-journal.ts';
import type { ObjectVersion, Versioning } from './s3-journal.ts';
import { compareUtf8 } from './utf8-order.ts';

/** What a request knows about a version; the store adds the rest. */
export type NewVersion = Omit<
  ObjectVersion,
  'versionId' | 'unversioned' | 'sequencer' | 'modifiedAt'
>;

export interface S3Store {
  buckets(): { bucket: string; createdAt: string }[];
  /** False where it was there already. */
  createBucket(bucket: string): Promise<boolean>;
  /** Throws `NoSuchBucket`. */
  versioningOf(bucket: string): Versioning;
  /** Suspended, new versions of a key replace each other; those of before stay. */
  setVersioning(bucket: string, versioning: Versioning): Promise<void>;
  /** A name for a new version and the file its content goes to. */
  newFile(): { versionId: string; file: string };
  fileOf(versionId: string): string;
  /** Makes a written file an object: durable and visible when this resolves. */
  commit(
    versionId: string,
    version: NewVersion,
    conditions?: WriteConditions,
  ): Promise<ObjectVersion>;
  /** Versions of one key, newest first; empty where there never was one. Throws `NoSuchBucket`. */
  versionsOf(bucket: string, key: string): readonly ObjectVersion[];
  /** All keys that were ever used, in the order of their UTF-8 bytes. Throws `NoSuchBucket`. */
  keysOf(bucket: string): string[];
  /** Removes one version, by its name in the store, for good; nothing happens where there is none. */
  erase(bucket: string, key: string, versionId: string): Promise<void>;
  /** Versions whose notifications an earlier run could not deliver, oldest first. */
  undelivered(): { version: ObjectVersion; notifications: string[] }[];
  notified(versionId: string, notification: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Objects on disk, every version kept. Content lies in files named by version id, so no key ever
 * becomes a path; what they mean stands in `journal.jsonl`. A file is flushed before its line is
 * written, and files without a line (cut short by a crash) are removed on opening.
 */
export async function openS3Store(folder: string): Promise<S3Store> {
  const contents = join(folder, 'contents');
  await mkdir(contents, { recursive: true, mode: 0o700 });
  const journal = await openJournal(join(folder, 'journal.jsonl'));
  const buckets = new Map<string, string>();
  const suspended = new Set<string>();
  const objects = new Map<string, Map<string, ObjectVersion[]>>();
  const due = new Map<string, { version: ObjectVersion; notifications: string[] }>();
  let lastSequence = 0n;
  for (const entry of journal.entries) {
    switch (entry.op) {
      case 'bucket':
        addBucket(entry.bucket, entry.createdAt);
        break;
      case 'versioning':
        setSuspended(entry.bucket, entry.versioning);
        break;
      case 'version':
        addVersion(entry.version);
        lastSequence = BigInt(`0x${entry.version.sequencer}`);
        due.set(entry.version.versionId, {
          version: entry.version,
          notifications: [...entry.version.notify],
        });
        break;
      case 'erased':
        removeVersion(entry.bucket, entry.key, entry.versionId);
        due.delete(entry.versionId);
        break;
      case 'notified': {
        const waiting = due.get(entry.versionId);
        if (waiting === undefined) break;
        waiting.notifications = waiting.notifications.filter((id) => id !== entry.notification);
        break;
      }
    }
  }
  const known = new Set<string>();
  for (const keys of objects.values()) {
    for (const versions of keys.values())
      for (const { versionId } of versions) known.add(versionId);
  }
  for (const name of await readdir(contents)) {
    if (!known.has(name)) await rm(join(contents, name), { force: true });
  }
  const undelivered = [...due.values()].filter(({ notifications }) => notifications.length > 0);
  let tail: Promise<unknown> = Promise.resolve();

  return {
    buckets: () => [...buckets].map(([bucket, createdAt]) => ({ bucket, createdAt })),
    createBucket: async (bucket) => {
      if (buckets.has(bucket)) return false;
      const createdAt = new Date().toISOString();
      addBucket(bucket, createdAt);
      await journal.append({ op: 'bucket', bucket, createdAt });
      return true;
    },
    versioningOf: (bucket) => {
      keysIn(bucket);
      return suspended.has(bucket) ? 'Suspended' : 'Enabled';
    },
    setVersioning: async (bucket, versioning) => {
      keysIn(bucket);
      await journal.append({ op: 'versioning', bucket, versioning });
      setSuspended(bucket, versioning);
    },
    newFile: () => {
      const versionId = randomBytes(16).toString('hex');
      return { versionId, file: join(contents, versionId) };
    },
    fileOf: (versionId) => join(contents, versionId),
    commit: (versionId, draft, conditions = {}) => {
      const result = tail.then(async () => {
        checkWrite(keyVersions(draft.bucket, draft.key)[0], conditions);
        // Milliseconds with room for 4,096 versions in each, and never back, whatever the clock does.
        const now = BigInt(Date.now()) << 12n;
        lastSequence = now > lastSequence ? now : lastSequence + 1n;
        const sequencer = lastSequence.toString(16).toUpperCase().padStart(18, '0');
        const modifiedAt = new Date().toISOString();
        const version: ObjectVersion = {
          ...draft,
          versionId,
          ...(suspended.has(draft.bucket) ? { unversioned: true } : {}),
          sequencer,
          modifiedAt,
        };
        // The file itself has been flushed by its writer, its name in the folder not yet.
        if (!version.deleteMarker) await syncFolder(contents);
        await journal.append({ op: 'version', version });
        const replaced = addVersion(version);
        for (const one of replaced) await rm(join(contents, one.versionId), { force: true });
        return version;
      });
      tail = result.catch(() => undefined);
      return result;
    },
    versionsOf: keyVersions,
    keysOf: (bucket) => [...keysIn(bucket).keys()].sort(compareUtf8),
    erase: async (bucket, key, versionId) => {
      if (!keyVersions(bucket, key).some((version) => version.versionId === versionId)) return;
      await journal.append({ op: 'erased', bucket, key, versionId });
      removeVersion(bucket, key, versionId);
      await rm(join(contents, versionId), { force: true });
    },
    undelivered: () => undelivered,
    notified: (versionId, notification) =>
      journal.appendLazily({ op: 'notified', versionId, notification }),
    close: async () => {
      await tail;
      await journal.close();
    },
  };

  function keysIn(bucket: string): Map<string, ObjectVersion[]> {
    const keys = objects.get(bucket);
    if (keys === undefined) {
      throw new S3Error('NoSuchBucket', 'The specified bucket does not exist.');
    }
    return keys;
  }

  function keyVersions(bucket: string, key: string): readonly ObjectVersion[] {
    return keysIn(bucket).get(key) ?? [];
  }

  function addBucket(bucket: string, createdAt: string): void {
    buckets.set(bucket, createdAt);
    objects.set(bucket, new Map());
  }

  function setSuspended(bucket: string, versioning: Versioning): void {
    if (versioning === 'Suspended') suspended.add(bucket);
    else suspended.delete(bucket);
  }

  /** Returns the versions whose place the new one has taken. */
  function addVersion(version: ObjectVersion): ObjectVersion[] {
    const keys = keysIn(version.bucket);
    const earlier = keys.get(version.key) ?? [];
    const replaced = version.unversioned === true ? earlier.filter((one) => one.unversioned) : [];
    const kept = earlier.filter((one) => !replaced.includes(one));
    keys.set(version.key, [version, ...kept]);
    return replaced;
  }

  function removeVersion(bucket: string, key: string, versionId: string): void {
    const left = keyVersions(bucket, key).filter((version) => version.versionId !== versionId);
    if (left.length > 0) keysIn(bucket).set(key, left);
    else keysIn(bucket).delete(key);
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
