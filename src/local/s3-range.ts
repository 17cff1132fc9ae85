import { S3Error } from './s3-error.ts';

/**
 * The bytes that a Range header asks for, both ends included; undefined for the whole object, also
 * where the header is not one single range (RFC 9110 lets a server ignore those). Throws
 * `InvalidRange` (416) where the object has no such bytes.
 */
export function byteRange(
  header: string | undefined,
  sizeBytes: number,
): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, first = '', last = ''] = match ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first);
  const end = first === '' || last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  if (start > end) throw new S3Error('InvalidRange', 'The requested range is not satisfiable.');
  return { start, end };
}
