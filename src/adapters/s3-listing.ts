/** Lists a bucket page by page, whatever characters its keys hold. */
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import type { ObjectListing } from '../activities/ports.ts';
import { listedKeys } from './listed-keys.ts';
import { bareEtag, translateStorageError } from './s3.ts';

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
      const decode = listedKeys(answer);
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
