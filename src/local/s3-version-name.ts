import type { ObjectVersion } from './s3-journal.ts';

/** What S3 calls a version made while the bucket kept none. */
const NULL_VERSION = 'null';

/** The version id as clients see it. */
export function versionName({ versionId, unversioned }: ObjectVersion): string {
  return unversioned === true ? NULL_VERSION : versionId;
}
