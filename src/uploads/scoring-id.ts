import { createHash } from 'node:crypto';
import type { ObjectRef } from '../contract.ts';

/**
 * The identity of an upload: SHA-256 over bucket, key and version id (else etag), hex.
 * One object version, one id, however often and through whichever envelope it is announced. Throws
 * where neither is known: made of bucket and key alone, two uploads would be one.
 */
export function scoringIdOf(object: ObjectRef): string {
  const version = object.versionId || object.etag;
  // An empty one names nothing either.
  if (!version) throw new Error('an upload without version and etag has no id');
  return createHash('sha256')
    .update(JSON.stringify([object.bucket, object.key, version]))
    .digest('hex');
}
