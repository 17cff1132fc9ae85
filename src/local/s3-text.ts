import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3-error.ts';

const MAX_REQUEST_BYTES = 1024 * 1024;

/** The body of a request that is a small XML document. */
export async function readText(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > MAX_REQUEST_BYTES) throw new S3Error('EntityTooLarge', 'The request is too large.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}
