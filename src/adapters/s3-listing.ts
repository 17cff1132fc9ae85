/** Lists a bucket page by page, whatever characters its keys hold. */
import {
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ObjectListing, OlderVersions } from '../activities/ports.ts';
import { bareEtag, statusOf, translateStorageError } from './s3.ts';

const PAGE_SIZE = 1000;

export function createObjectListing(client: S3Client): ObjectListing {
  return {
    async page({ bucket, prefix, cursor }, signal) {
      const command = new ListObjectsV2Command({
        Bucket: bucket,
        MaxKeys: PAGE_SIZE,
        // XML cannot carry every character that a key may hold.
        EncodingType: 'url',
        ...(prefix === '' ? {} : { Prefix: prefix }),
        ...(cursor === null ? {} : { ContinuationToken: cursor }),
      });
      const answer = await client.send(command, { abortSignal: signal }).catch((error: unknown) => {
        throw translateStorageError(error);
      });
      const decode = decoderOf(answer);
      const objects = (answer.Contents ?? []).map(({ Key = '', ETag, Size, LastModified }) => ({
        key: decode(Key),
        etag: bareEtag(ETag),
        sizeBytes: Size ?? 0,
        modifiedAtMs: LastModified?.getTime() ?? 0,
      }));
      const more = answer.IsTruncated === true ? answer.NextContinuationToken : undefined;
      return { objects, nextCursor: more ?? null };
    },
  };
}

/** Where a listing of versions goes on. */
interface VersionCursor {
  key: string;
  version: string | null;
  /** When that key was deleted last; its versions may go on on the next page. Null: never. */
  deletedAtMs: number | null;
}

const NOT_IMPLEMENTED = 501;

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
      let answer: ListObjectVersionsCommandOutput;
      try {
        answer = await client.send(command, { abortSignal: signal });
      } catch (error) {
        const translated = translateStorageError(error);
        const isRefused =
          translated.code === 'STORAGE_DENIED' || statusOf(error) === NOT_IMPLEMENTED;
        // The first page alone, so that no run ends half way.
        if (from === null && isRefused) return { versions: [], nextCursor: null };
        throw translated;
      }
      const decode = decoderOf(answer);
      // Also where the key was recorded again since: what somebody has deleted stays so.
      const deletedAtMs = new Map<string, number>();
      if (from !== null && from.deletedAtMs !== null) deletedAtMs.set(from.key, from.deletedAtMs);
      for (const { Key = '', LastModified } of answer.DeleteMarkers ?? []) {
        const key = decode(Key);
        const atMs = LastModified?.getTime() ?? Infinity;
        deletedAtMs.set(key, Math.max(atMs, deletedAtMs.get(key) ?? atMs));
      }
      const versions = (answer.Versions ?? []).flatMap((version) => {
        const { Key = '', VersionId, IsLatest, ETag, Size, LastModified } = version;
        const key = decode(Key);
        const modifiedAtMs = LastModified?.getTime() ?? 0;
        if (IsLatest !== false || modifiedAtMs <= (deletedAtMs.get(key) ?? -Infinity)) return [];
        const versionId = VersionId === 'null' ? null : (VersionId ?? null);
        return { key, versionId, etag: bareEtag(ETag), sizeBytes: Size ?? 0, modifiedAtMs };
      });
      const { IsTruncated, NextKeyMarker, NextVersionIdMarker } = answer;
      // A store that answers with another listing says "truncated", and not where to go on.
      if (IsTruncated !== true || NextKeyMarker === undefined)
        return { versions, nextCursor: null };
      const key = decode(NextKeyMarker);
      const next: VersionCursor = {
        key,
        version: NextVersionIdMarker || null,
        deletedAtMs: deletedAtMs.get(key) ?? null,
      };
      const nextCursor = JSON.stringify(next);
      return { versions, nextCursor: nextCursor === cursor ? null : nextCursor };
    },
  };
}

/** A store that does not know the parameter sends keys as they are, and does not say "url". */
function decoderOf({
  EncodingType,
}: {
  EncodingType?: string | undefined;
}): (key: string) => string {
  return EncodingType === 'url' ? decodeListedKey : (key) => key;
}

/** AWS writes a space as `+`, others as `%20`; a plus is `%2B` with all of them. */
function decodeListedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}
