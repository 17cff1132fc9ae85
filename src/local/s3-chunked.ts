import { createHash } from 'node:crypto';
import { S3Error } from './s3-error.ts';
import { sameSignature, sha256Hex, sign } from './s3-signature.ts';
import type { VerifiedSignature } from './s3-signature.ts';

const MAX_LINE_BYTES = 8 * 1024;
const EMPTY_HASH = sha256Hex('');

/**
 * Decodes a body in AWS's own chunked encoding and yields its content; `trailers` receives the
 * lines after the last chunk. Where the payload hash says that chunks are signed, each signature
 * is checked against the one before, so a chunk cannot be changed, dropped or moved.
 * Throws `IncompleteBody` or `SignatureDoesNotMatch`.
 * Source: docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html (and -trailers.html)
 */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  signature: VerifiedSignature,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer, void, undefined> {
  const reader = createReader(source);
  const chain = signature.payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD')
    ? signatureChain(signature)
    : undefined;
  for (let last = false; !last;) {
    const [digits = '', ...extensions] = (await reader.line()).split(';');
    if (!/^[0-9a-f]{1,8}$/i.test(digits)) throw incomplete('A chunk has no length.');
    const hash = createHash('sha256');
    let left = Number.parseInt(digits, 16);
    last = left === 0;
    while (left > 0) {
      const piece = await reader.upTo(left);
      hash.update(piece);
      left -= piece.length;
      yield piece;
    }
    chain?.check('PAYLOAD', `${EMPTY_HASH}\n${hash.digest('hex')}`, chunkSignature(extensions));
    if (!last && (await reader.line()) !== '') throw incomplete('A chunk is too long.');
  }
  let signedText = '';
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const [name = '', ...value] = line.split(':');
    const trailer = [name.toLowerCase().trim(), value.join(':').trim()] as const;
    trailers.set(...trailer);
    if (trailer[0] !== 'x-amz-trailer-signature') signedText += `${trailer.join(':')}\n`;
  }
  if (signature.payloadHash === 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER') {
    chain?.check('TRAILER', sha256Hex(signedText), trailers.get('x-amz-trailer-signature') ?? '');
  }
}

function signatureChain(seed: VerifiedSignature) {
  let previous = seed.signature;
  return {
    check(kind: 'PAYLOAD' | 'TRAILER', hashes: string, given: string): void {
      const head = [`AWS4-HMAC-SHA256-${kind}`, seed.timestamp, seed.scope, previous].join('\n');
      if (!sameSignature(sign(seed.signingKey, `${head}\n${hashes}`), given)) {
        throw new S3Error('SignatureDoesNotMatch', 'The signature of a chunk does not match.');
      }
      previous = given;
    },
  };
}

function chunkSignature(extensions: string[]): string {
  const prefix = 'chunk-signature=';
  return extensions.find((text) => text.startsWith(prefix))?.slice(prefix.length) ?? '';
}

function createReader(source: AsyncIterable<Buffer>) {
  const pieces = source[Symbol.asyncIterator]();
  let buffered: Buffer = Buffer.alloc(0);
  const fill = async (): Promise<void> => {
    const next = await pieces.next();
    if (next.done === true) throw incomplete('The body ends in the middle of a chunk.');
    buffered = buffered.length === 0 ? next.value : Buffer.concat([buffered, next.value]);
  };
  return {
    async line(): Promise<string> {
      for (;;) {
        const end = buffered.indexOf('\r\n');
        if (end >= 0) {
          const text = buffered.toString('latin1', 0, end);
          buffered = buffered.subarray(end + 2);
          return text;
        }
        if (buffered.length > MAX_LINE_BYTES) throw incomplete('A chunk header is too long.');
        await fill();
      }
    },
    async upTo(bytes: number): Promise<Buffer> {
      while (buffered.length === 0) await fill();
      const piece = buffered.subarray(0, bytes);
      buffered = buffered.subarray(piece.length);
      return piece;
    },
  };
}

function incomplete(message: string): S3Error {
  return new S3Error('IncompleteBody', message);
}
