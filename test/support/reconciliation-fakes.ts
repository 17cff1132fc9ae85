/** The ports of a reconciliation in memory: a bucket, rows and workflows that behave. */
import type {
  ListedObject,
  ObjectStore,
  Reconciliation,
  ScoredUpload,
  ScoringStanding,
} from '../../src/activities/ports.ts';
import type { ScorePronunciationInput } from '../../src/contract.ts';
import { scoringIdOf } from '../../src/uploads/scoring-id.ts';

export const FILTER = {
  bucket: 'user-audio-file',
  prefix: '',
  suffixes: ['.wav'],
  root: 'user-audio-file',
  contentTypes: ['novel'],
};

/** Nothing lies anywhere. */
export function emptyBucket(): Reconciliation {
  return fakeWorld([]).reconciliation;
}

export interface FakeObject extends ListedObject {
  /** Null: the bucket keeps no versions. */
  versionId: string | null;
}

export interface FakeWorld {
  objects: Pick<ObjectStore, 'describe'>;
  reconciliation: Reconciliation;
  rows: ScoredUpload[];
  workflows: Map<string, ScoringStanding>;
  /** Every start that Temporal took, in order. */
  started: ScorePronunciationInput[];
  /** Keys that S3 was asked about one by one. */
  described: string[];
}

/** `older`: versions that those in the bucket have replaced. */
export function fakeWorld(bucket: FakeObject[], older: FakeObject[] = []): FakeWorld {
  const rows: ScoredUpload[] = [];
  const workflows = new Map<string, ScoringStanding>();
  const started: ScorePronunciationInput[] = [];
  const described: string[] = [];
  const start = (input: ScorePronunciationInput, again: boolean) => {
    const standing = workflows.get(input.scoringId) ?? null;
    if (standing !== null && !(again && standing === 'failed')) return 'duplicate' as const;
    workflows.set(input.scoringId, 'running');
    started.push(input);
    return 'started' as const;
  };
  return {
    rows,
    workflows,
    started,
    described,
    objects: {
      describe: ({ key, etag }) => {
        described.push(key);
        const found = bucket.find((object) => object.key === key && object.etag === etag);
        if (found === undefined) return Promise.resolve(null);
        const object = { bucket: FILTER.bucket, key, versionId: found.versionId, etag };
        return Promise.resolve({
          object,
          sizeBytes: found.sizeBytes,
          modifiedAtMs: found.modifiedAtMs,
          metadata: {},
        });
      },
    },
    reconciliation: {
      filter: FILTER,
      listing: {
        page: () =>
          Promise.resolve({
            objects: bucket.map(({ key, etag, sizeBytes, modifiedAtMs }) => {
              return { key, etag, sizeBytes, modifiedAtMs };
            }),
            nextCursor: null,
          }),
      },
      olderVersions: { page: () => Promise.resolve({ versions: older, nextCursor: null }) },
      rows: {
        find: (_, objects) =>
          Promise.resolve(
            rows.filter((row) =>
              objects.some(
                ({ key, etag }) => key === row.key && (row.etag === null || row.etag === etag),
              ),
            ),
          ),
        has: (id) => Promise.resolve(rows.some(({ scoringId }) => scoringId === id)),
      },
      starter: {
        standingOf: (id) => Promise.resolve(workflows.get(id) ?? null),
        start: (input) => Promise.resolve(start(input, false)),
        restart: (input) => Promise.resolve(start(input, true)),
      },
    },
  };
}

/** The row that the scoring of this object leaves. */
export function rowOf(object: FakeObject, startedAtMs: number): ScoredUpload {
  return { scoringId: idOf(object), key: object.key, etag: object.etag, startedAtMs };
}

export function idOf({ key, versionId, etag }: FakeObject): string {
  return scoringIdOf({ bucket: FILTER.bucket, key, versionId, etag });
}
