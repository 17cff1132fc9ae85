/** Lists the versions that newer ones have replaced, page by page, in stores that keep versions. */
import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { OlderVersion, OlderVersions } from '../activities/ports.ts';
import { listedKeys } from './listed-keys.ts';
import { bareEtag, bareVersionId, statusOf, translateStorageError } from './s3.ts';

const PAGE_SIZE = 1000;
const NOT_IMPLEMENTED = 501;
/** Where a store does not say when: as late as can be, so that nothing deleted comes back. */
const LATEST_MS = Number.MAX_SAFE_INTEGER;

/** Where a listing of versions goes on. */
interface VersionCursor {
  key: string;
  version: string | null;
  /** When that key was deleted last; its versions may go on on the next page. Null: never. */
  deletedAtMs: number | null;
}

export function createOlderVersions(client: S3Client, pageSize = PAGE_SIZE): OlderVersions {
  return {
    async page({ bucket, prefix, cursor }, signal) {
      const from = cursor === null ? null : (JSON.parse(cursor) as VersionCursor);
      const command = new ListObjectVersionsCommand({
        Bucket: bucket,
        MaxKeys: pageSize,
        EncodingType: 'url',
        ...(prefix === '' ? {} : { Prefix: prefix }),
        ...(from === null ? {} : { KeyMarker: from.key }),
        ...(from === null || from.version === null ? {} : { VersionIdMarker: from.version }),
      });
      const answer = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
        // The first page alone, so that no run ends half way.
        if (from === null && isRefused(error)) return {};
        throw translateStorageError(error);
      });
      const decode = listedKeys(answer);
      const deletions = deletionsIn(answer, from, decode);
      const next = nextOf(answer, deletions, decode);
      return {
        versions: olderIn(answer, deletions, decode),
        nextCursor: next === cursor ? null : next,
      };
    },
  };
}

type Page = Partial<ListObjectVersionsCommandOutput>;
type Decode = (key: string) => string;

/** When each key was deleted last, also where it was recorded again since: what was deleted stays so. */
function deletionsIn(
  { DeleteMarkers = [] }: Page,
  from: VersionCursor | null,
  decode: Decode,
): Map<string, number> {
  const deletions = new Map<string, number>();
  if (from !== null && from.deletedAtMs !== null) deletions.set(from.key, from.deletedAtMs);
  for (const { Key = '', LastModified } of DeleteMarkers) {
    const key = decode(Key);
    const atMs = LastModified?.getTime() ?? LATEST_MS;
    deletions.set(key, Math.max(atMs, deletions.get(key) ?? atMs));
  }
  return deletions;
}

function olderIn(
  { Versions = [] }: Page,
  deletions: ReadonlyMap<string, number>,
  decode: Decode,
): OlderVersion[] {
  return Versions.flatMap(({ Key = '', VersionId, IsLatest, ETag, Size, LastModified }) => {
    const key = decode(Key);
    const modifiedAtMs = LastModified?.getTime() ?? 0;
    if (IsLatest !== false || modifiedAtMs <= (deletions.get(key) ?? -Infinity)) return [];
    const versionId = bareVersionId(VersionId);
    return { key, versionId, etag: bareEtag(ETag), sizeBytes: Size ?? 0, modifiedAtMs };
  });
}

/** Null at the end: a store that answers with another listing says "truncated", and not where to go on. */
function nextOf(
  { IsTruncated, NextKeyMarker, NextVersionIdMarker }: Page,
  deletions: ReadonlyMap<string, number>,
  decode: Decode,
): string | null {
  if (IsTruncated !== true || NextKeyMarker === undefined) return null;
  const key = decode(NextKeyMarker);
  const version = NextVersionIdMarker || null;
  const next: VersionCursor = { key, version, deletedAtMs: deletions.get(key) ?? null };
  return JSON.stringify(next);
}

/** Not allowed, or not known. */
function isRefused(error: unknown): boolean {
  return (
    statusOf(error) === NOT_IMPLEMENTED || translateStorageError(error).code === 'STORAGE_DENIED'
  );
}
