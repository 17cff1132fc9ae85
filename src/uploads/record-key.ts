import type { EventRecord } from './event-shapes.ts';

/**
 * The key of a record, decoded exactly once; null where it cannot be. S3, MinIO and moto form-encode
 * it, versitygw sends it as it is: decoding that would point at another object.
 */
export function keyOfRecord({ s3 }: EventRecord): string | null {
  return isFromVersitygw(s3.bucket.arn) ? wellFormed(s3.object.key) : formDecoded(s3.object.key);
}

/** A key that came raw: null where it is no Unicode text, which no store can hold. */
export function wellFormed(key: string): string | null {
  return /\p{Surrogate}/u.test(key) ? null : key;
}

/**
 * versitygw writes the path of the request into the bucket's ARN: `arn:aws:s3:::/bucket/key`. A bucket
 * name holds no slash, so no bucket ARN of S3, MinIO or moto does. (Its other marks, such as the
 * prefix `s3:` beside `"eventSource": "aws:s3"`, say less: others could come to send them.)
 */
function isFromVersitygw(bucketArn: string | null | undefined): boolean {
  return bucketArn?.includes('/') ?? false;
}

/** Form decoding: `+` is a space, `%2B` a plus. Null where an escape is broken or not UTF-8. */
function formDecoded(encoded: string): string | null {
  try {
    return wellFormed(decodeURIComponent(encoded.replaceAll('+', ' ')));
  } catch {
    return null;
  }
}
