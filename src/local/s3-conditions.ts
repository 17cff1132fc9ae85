import { S3Error } from './s3-error.ts';
import { header } from './s3-request.ts';
import type { S3Request } from './s3-request.ts';
import type { ObjectVersion } from './s3-journal.ts';

/** Conditions of a PUT, checked in the same step that makes the version visible. */
export interface WriteConditions {
  ifMatch?: string | undefined;
  ifNoneMatch?: string | undefined;
}

/** Throws where a new version may not follow `latest`. */
export function checkWrite(latest: ObjectVersion | undefined, conditions: WriteConditions): void {
  const current = latest === undefined || latest.deleteMarker ? undefined : latest;
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch !== undefined && current === undefined) {
    throw new S3Error('NoSuchKey', 'The specified key does not exist.');
  }
  const failed =
    (ifMatch !== undefined && !etagMatches(ifMatch, current?.etag)) ||
    (ifNoneMatch !== undefined && etagMatches(ifNoneMatch, current?.etag));
  if (failed) throw new S3Error('PreconditionFailed', 'A condition of the request does not hold.');
}

/** Throws `PreconditionFailed` (412) or `NotModified` (304) where a read is not wanted. */
export function checkRead(request: S3Request, version: ObjectVersion): void {
  const ifMatch = header(request, 'if-match');
  const ifNoneMatch = header(request, 'if-none-match');
  if (ifMatch !== undefined && !etagMatches(ifMatch, version.etag)) {
    throw new S3Error('PreconditionFailed', 'The object has another ETag.');
  }
  if (ifNoneMatch !== undefined && etagMatches(ifNoneMatch, version.etag)) {
    throw new S3Error('NotModified', 'Not modified');
  }
}

/** Is the ETag in the list of a condition header (`"a", "b"` or `*`)? */
function etagMatches(condition: string, etag: string | undefined): boolean {
  if (etag === undefined) return false;
  return condition.split(',').some((one) => {
    const text = one.trim().replaceAll('"', '');
    return text === '*' || text === etag;
  });
}
