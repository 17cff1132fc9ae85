import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Checksums } from './s3-checksums.ts';

/** One uploaded version of an object, or the marker that says it was deleted. */
export interface ObjectVersion {
  bucket: string;
  key: string;
  /** 32 hex digits; also the name of the file that holds the content. */
  versionId: string;
  /** True where the bucket kept no versions then: the next such version takes its place. */
  unversioned?: true;
  /** Grows with every version, over restarts too: 18 hex digits. */
  sequencer: string;
  /** ISO 8601. */
  modifiedAt: string;
  deleteMarker: boolean;
  sizeBytes: number;
  /** Without quotes. */
  etag: string;
  /** Content-Type and the like, to be sent back with the object. */
  headers: Record<string, string>;
  /** From the x-amz-meta-* headers, by the rest of their names. */
  metadata: Record<string, string>;
  checksums: Checksums;
  /** Ids of the notifications that are due for it. */
  notify: string[];
}

/** As S3 names it; a bucket of ours begins enabled. */
export type Versioning = 'Enabled' | 'Suspended';

export type JournalEntry =
  | { op: 'bucket'; bucket: string; createdAt: string }
  | { op: 'versioning'; bucket: string; versioning: Versioning }
  | { op: 'version'; version: ObjectVersion }
  | { op: 'erased'; bucket: string; key: string; versionId: string }
  | { op: 'notified'; versionId: string; notification: string };

export interface Journal {
  /** What earlier runs have written, oldest first. */
  entries: JournalEntry[];
  /** Appends in the order of calls; resolves when the entry is on disk. */
  append(entry: JournalEntry): Promise<void>;
  /** The same without waiting for the disk: may be lost in a power cut. */
  appendLazily(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the file whose lines say everything the store knows. A last line that a crash has cut short
 * was never acknowledged and is dropped; any other unreadable line is an error that names it.
 */
export async function openJournal(path: string): Promise<Journal> {
  const file = await open(path, 'a+', 0o600);
  const entries = await readEntries(file, path).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  let tail: Promise<unknown> = Promise.resolve();
  const queue = (work: () => Promise<void>): Promise<void> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };
  return {
    entries,
    append: (entry) =>
      queue(async () => {
        await write(file, entry);
        await file.datasync();
      }),
    appendLazily: (entry) => queue(() => write(file, entry)),
    close: async () => {
      await tail;
      await file.close();
    },
  };
}

async function readEntries(file: FileHandle, path: string): Promise<JournalEntry[]> {
  const content = await file.readFile();
  const complete = content.lastIndexOf('\n') + 1;
  if (complete < content.length) await file.truncate(complete);
  const lines = content.toString('utf8', 0, complete).split('\n').slice(0, -1);
  return lines.map((line, index) => parseLine(line, path, index + 1));
}

async function write(file: FileHandle, entry: JournalEntry): Promise<void> {
  await file.appendFile(`${JSON.stringify(entry)}\n`);
}

function parseLine(line: string, path: string, number: number): JournalEntry {
  try {
    return JSON.parse(line) as JournalEntry;
  } catch (error) {
    throw new Error(`${path} is damaged in line ${number}.`, { cause: error });
  }
}
