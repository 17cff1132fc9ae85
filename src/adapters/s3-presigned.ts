/** Presigned addresses for browsers: what is signed cannot be changed by whoever holds them. */
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { ObjectRef } from '../contract.ts';
import type { PresignedPut, PresignPutOptions } from '../web/web-ports.ts';
import { translateStorageError } from './s3.ts';

/** A PUT of exactly this type, size and metadata. */
export async function presignBoundPut(
  client: S3Client,
  { bucket, key, contentType, sizeBytes, metadata, expiresInS }: PresignPutOptions,
): Promise<PresignedPut> {
  const command = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    ContentType: contentType,
    ContentLength: sizeBytes,
    Metadata: metadata,
  });
  const named = Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]),
  );
  const url = await getSignedUrl(client, command, {
    expiresIn: expiresInS,
    // Left out of what is signed, unless they are named.
    signableHeaders: new Set(['content-type', 'content-length']),
    // In the address, not every store would read them.
    unhoistableHeaders: new Set(Object.keys(named)),
  }).catch((error: unknown) => {
    throw translateStorageError(error);
  });
  return { url, headers: { 'content-type': contentType, ...named } };
}

/** By version where there is one. Where there is none, the caller has looked at the etag just now. */
export function presignGet(
  client: S3Client,
  { bucket, key, versionId }: ObjectRef,
  expiresInS: number,
): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(versionId === null ? {} : { VersionId: versionId }),
  });
  return getSignedUrl(client, command, { expiresIn: expiresInS }).catch((error: unknown) => {
    throw translateStorageError(error);
  });
}
