import { createHash } from 'node:crypto';

export interface UploadName {
  bucket: string;
  key: string;
  versionId: string | null;
  etag: string;
}

/**
 * The id that the scoring of an upload must have. Written anew from the documents, so that the
 * checker finds a mistake in the product's own.
 */
export function uploadIdOf({ bucket, key, versionId, etag }: UploadName): string {
  const name = JSON.stringify([bucket, key, versionId ?? etag]);
  return createHash('sha256').update(name, 'utf8').digest('hex');
}

export function workflowIdOf(uploadId: string): string {
  return 'score-'.concat(uploadId.substring(0, 32));
}
