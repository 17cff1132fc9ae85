/** Uploads as a browser would: through a presigned PUT, without credentials. */
import type { S3Client } from '@aws-sdk/client-s3';
import { presignUpload } from '../adapters/s3.ts';
import { recordingExtensionOf, type RecordingExtension } from '../uploads/key-grammar.ts';
import { scoringIdOf } from '../uploads/scoring-id.ts';
import { needing, UnavailableError } from './exit-codes.ts';

const EXPIRES_IN_S = 300;
const UPLOAD_WITHIN_MS = 120_000;
/** For whoever downloads it; Elocute looks at the bytes alone. */
const CONTENT_TYPES: Record<RecordingExtension, string> = {
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
  ogg: 'audio/ogg',
  opus: 'audio/ogg',
  webm: 'audio/webm',
  m4a: 'audio/mp4',
};

/** Returns the id that the upload's scoring will have. */
export async function putRecording(
  s3: S3Client,
  object: { bucket: string; key: string },
  bytes: Uint8Array,
): Promise<{ scoringId: string }> {
  const address = await needing(
    'The AWS identity',
    'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or start `elocute up`.',
    () => presignUpload(s3, object, EXPIRES_IN_S),
  );
  const { origin } = new URL(address);
  const advice = 'Start `elocute up`, or check S3_ENDPOINT and the data folder (--data).';
  const response = await needing(`S3 at ${origin}`, advice, () =>
    fetch(address, {
      method: 'PUT',
      body: bytes,
      headers: { 'content-type': CONTENT_TYPES[recordingExtensionOf(object.key)] },
      signal: AbortSignal.timeout(UPLOAD_WITHIN_MS),
    }),
  );
  if (!response.ok) {
    throw new UnavailableError(
      `S3 at ${origin} refused the upload: HTTP ${response.status}. Check the bucket ${object.bucket} and the permission s3:PutObject.`,
    );
  }
  const version = response.headers.get('x-amz-version-id');
  // So a bucket answers that keeps no versions any more.
  const versionId = version === 'null' ? null : version;
  const etag = response.headers.get('etag')?.replaceAll('"', '') ?? null;
  return { scoringId: scoringIdOf({ ...object, versionId, etag }) };
}
