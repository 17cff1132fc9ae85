/** Uploads as a browser would: through a presigned PUT, without credentials. */
import type { S3Client } from '@aws-sdk/client-s3';
import { presignUpload } from '../adapters/s3.ts';
import { scoringIdOf } from '../uploads/scoring-id.ts';
import { UnavailableError } from './exit-codes.ts';

const EXPIRES_IN_S = 300;

/** Returns the id that the upload's scoring will have. */
export async function putRecording(
  s3: S3Client,
  object: { bucket: string; key: string },
  bytes: Uint8Array,
): Promise<{ scoringId: string }> {
  const address = await presignUpload(s3, object, EXPIRES_IN_S);
  const response = await fetch(address, {
    method: 'PUT',
    body: bytes,
    headers: { 'content-type': 'audio/wav' },
  });
  if (!response.ok) {
    throw new UnavailableError(`The upload was refused: HTTP ${response.status}.`);
  }
  const versionId = response.headers.get('x-amz-version-id');
  const etag = response.headers.get('etag')?.replaceAll('"', '') ?? null;
  return { scoringId: scoringIdOf({ ...object, versionId, etag }) };
}
