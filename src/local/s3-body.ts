import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CHECKSUM_NAMES, isChecksumName, startChecksum } from './s3-checksums.ts';
import type { Checksum, ChecksumName, Checksums } from './s3-checksums.ts';
import { decodeChunks } from './s3-chunked.ts';
import { S3Error } from './s3-error.ts';
import { header, headersAfter } from './s3-request.ts';
import type { S3Request } from './s3-request.ts';
import type { VerifiedSignature } from './s3-signature.ts';

export interface ReceivedBody {
  sizeBytes: number;
  md5Hex: string;
  /** CRC32 always, others where the client sent them. */
  checksums: Checksums;
}

const STREAMING = [
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
];

/**
 * Writes the body to `file`, flushed to disk, and checks whatever the client said about it: length,
 * SHA-256, MD5, checksums in headers or trailers. Throws `S3Error` and removes the file where
 * something differs, or where it is longer than `maxBytes`.
 */
export async function receiveBody(
  source: Readable,
  request: S3Request,
  signature: VerifiedSignature,
  file: string,
  maxBytes: number,
): Promise<ReceivedBody> {
  try {
    return await receive(source, request, signature, file, maxBytes);
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

async function receive(
  source: Readable,
  request: S3Request,
  signature: VerifiedSignature,
  file: string,
  maxBytes: number,
): Promise<ReceivedBody> {
  const promised = new Map(Object.entries(headersAfter(request, 'x-amz-checksum-')));
  promised.delete('algorithm');
  promised.delete('type');
  const announced = header(request, 'x-amz-trailer')?.split(',') ?? [];
  const names = wantedChecksums([...promised.keys(), ...announced.map(afterPrefix)]);
  const running = new Map<ChecksumName, Checksum>(names.map((name) => [name, startChecksum(name)]));
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  const trailers = new Map<string, string>();
  const streaming = signature.payloadHash.startsWith('STREAMING-');
  if (streaming && !STREAMING.includes(signature.payloadHash)) {
    throw new S3Error('NotImplemented', `${signature.payloadHash} is not supported here.`);
  }
  let sizeBytes = 0;
  const measure = async function* (pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      sizeBytes += piece.length;
      if (sizeBytes > maxBytes) {
        throw new S3Error('EntityTooLarge', `Objects may have ${maxBytes} bytes here.`);
      }
      md5.update(piece);
      if (!streaming) sha256.update(piece);
      for (const checksum of running.values()) checksum.update(piece);
      yield piece;
    }
  };
  // Left open on an error, or the connection would break before the client has read the reason.
  const pieces = source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  const content = streaming ? decodeChunks(pieces, signature, trailers) : pieces;
  await pipeline(content, measure, createWriteStream(file, { flush: true }));

  const wanted = Number(header(request, 'x-amz-decoded-content-length') ?? sizeBytes);
  if (wanted !== sizeBytes) throw new S3Error('IncompleteBody', 'The body has another length.');
  const { payloadHash } = signature;
  if (/^[0-9a-f]{64}$/.test(payloadHash) && sha256.digest('hex') !== payloadHash) {
    throw new S3Error('XAmzContentSHA256Mismatch', 'The body does not match x-amz-content-sha256.');
  }
  for (const [name, value] of trailers) promised.set(afterPrefix(name), value);
  const checksums: Checksums = {};
  for (const [name, checksum] of running) {
    const value = checksum.digest();
    checksums[name] = value;
    const given = promised.get(name);
    if (given !== undefined && given !== value) {
      throw new S3Error('BadDigest', `The ${name} you specified did not match the body's.`);
    }
  }
  const md5Bytes = md5.digest();
  const givenMd5 = request.headers['content-md5'];
  if (givenMd5 !== undefined && givenMd5 !== md5Bytes.toString('base64')) {
    throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match the body.');
  }
  return { sizeBytes, md5Hex: md5Bytes.toString('hex'), checksums };
}

function wantedChecksums(given: string[]): ChecksumName[] {
  const unknown = given.find((name) => !isChecksumName(name));
  if (unknown !== undefined) {
    throw new S3Error(
      'NotImplemented',
      `Checksum ${unknown} is not supported here; use one of ${CHECKSUM_NAMES.join(', ')}.`,
    );
  }
  return [...new Set<ChecksumName>(['crc32', ...given.filter(isChecksumName)])];
}

function afterPrefix(name: string): string {
  return name.trim().toLowerCase().replace('x-amz-checksum-', '');
}
