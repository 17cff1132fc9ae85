import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { S3Error } from './s3-error.ts';
import { header, isPresigned, parameter, uriEncode } from './s3-request.ts';
import type { S3Request } from './s3-request.ts';

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
}

/** What a verified signature says about the body, and what the signatures of its chunks start from. */
export interface VerifiedSignature {
  /** Hex SHA-256, `UNSIGNED-PAYLOAD`, or one of the `STREAMING-…` names. */
  payloadHash: string;
  signingKey: Buffer;
  /** Such as 20130524/us-east-1/s3/aws4_request. */
  scope: string;
  /** Such as 20130524T000000Z. */
  timestamp: string;
  signature: string;
}

interface Claim {
  credential: string;
  signedHeaders: string[];
  signature: string;
  timestamp: string;
  payloadHash: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_SKEW_MS = 15 * 60_000;
const MAX_EXPIRES_S = 7 * 86_400;

/**
 * Checks AWS Signature Version 4, in the headers or in a presigned URL, for any region. Throws
 * `S3Error` where it is missing, wrong, expired or leaves x-amz-* headers out.
 * Source: docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
export function verifySignature(
  request: S3Request,
  credentials: Credentials,
  nowMs: number,
): VerifiedSignature {
  const presigned = isPresigned(request);
  const claim = presigned ? claimFromQuery(request) : claimFromHeaders(request);
  const [accessKeyId, day = '', region = '', service = '', end = ''] = claim.credential.split('/');
  if (accessKeyId !== credentials.accessKeyId) {
    throw new S3Error('InvalidAccessKeyId', 'The AWS access key id does not exist in our records.');
  }
  if (service !== 's3' || end !== 'aws4_request' || !claim.timestamp.startsWith(`${day}T`)) {
    throw new S3Error('AuthorizationHeaderMalformed', 'The credential scope is not valid.');
  }
  checkTime(request, claim.timestamp, presigned, nowMs);
  checkSignedHeaders(request, claim.signedHeaders);
  const scope = [day, region, service, end].join('/');
  const signingKey = [day, region, service, end].reduce<Buffer>(
    (key, part) => createHmac('sha256', key).update(part).digest(),
    Buffer.from(`AWS4${credentials.secretAccessKey}`),
  );
  const canonical = canonicalRequest(request, claim);
  const text = [ALGORITHM, claim.timestamp, scope, sha256Hex(canonical)].join('\n');
  if (!sameSignature(sign(signingKey, text), claim.signature)) {
    throw new S3Error(
      'SignatureDoesNotMatch',
      'The signature we calculated does not match the one you provided. Check your key and signing method.',
    );
  }
  const { payloadHash, timestamp, signature } = claim;
  return { payloadHash, signingKey, scope, timestamp, signature };
}

export function sign(signingKey: Buffer, text: string): string {
  return createHmac('sha256', signingKey).update(text).digest('hex');
}

export function sameSignature(wanted: string, given: string): boolean {
  const a = Buffer.from(wanted);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function claimFromHeaders(request: S3Request): Claim {
  const authorization = request.headers.authorization;
  const payloadHash = header(request, 'x-amz-content-sha256');
  const timestamp = header(request, 'x-amz-date');
  if (authorization?.startsWith(`${ALGORITHM} `) !== true) {
    throw new S3Error('AccessDenied', 'Access denied: the request is not signed (Signature V4).');
  }
  const fields = new Map(
    authorization
      .slice(ALGORITHM.length)
      .split(',')
      .map((field) => {
        const [name = '', ...value] = field.trim().split('=');
        return [name, value.join('=')];
      }),
  );
  const credential = fields.get('Credential');
  const signedHeaders = fields.get('SignedHeaders')?.split(';');
  const signature = fields.get('Signature');
  if (!credential || !signedHeaders || !signature || !payloadHash || !timestamp) {
    throw new S3Error('AuthorizationHeaderMalformed', 'The authorization header is malformed.');
  }
  return { credential, signedHeaders, signature, timestamp, payloadHash };
}

function claimFromQuery(request: S3Request): Claim {
  const credential = parameter(request, 'X-Amz-Credential');
  const signedHeaders = parameter(request, 'X-Amz-SignedHeaders')?.split(';');
  const signature = parameter(request, 'X-Amz-Signature');
  const timestamp = parameter(request, 'X-Amz-Date');
  const algorithm = parameter(request, 'X-Amz-Algorithm');
  if (!credential || !signedHeaders || !signature || !timestamp || algorithm !== ALGORITHM) {
    throw new S3Error('AccessDenied', 'The query-string authentication is incomplete.');
  }
  const payloadHash = header(request, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD';
  return { credential, signedHeaders, signature, timestamp, payloadHash };
}

function checkTime(request: S3Request, timestamp: string, presigned: boolean, nowMs: number): void {
  const iso = timestamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const signedMs = Date.parse(iso);
  const expiresS = Number(parameter(request, 'X-Amz-Expires'));
  if (presigned && !(Number.isInteger(expiresS) && expiresS >= 1 && expiresS <= MAX_EXPIRES_S)) {
    throw new S3Error('AccessDenied', 'X-Amz-Expires must be 1 to 604800 seconds.');
  }
  if (presigned && nowMs > signedMs + expiresS * 1000) {
    throw new S3Error('AccessDenied', 'Request has expired');
  }
  // Written so that an unreadable time, NaN, is refused as well.
  const inTime = presigned
    ? signedMs - nowMs <= MAX_SKEW_MS
    : Math.abs(nowMs - signedMs) <= MAX_SKEW_MS;
  if (!inTime) {
    throw new S3Error('RequestTimeTooSkewed', 'The time of the request is too far from ours.');
  }
}

/** An x-amz-* header outside the signature could be added or changed by whoever passes it on. */
function checkSignedHeaders(request: S3Request, signedHeaders: string[]): void {
  const unsigned = Object.keys(request.headers).find(
    (name) => name.startsWith('x-amz-') && !signedHeaders.includes(name),
  );
  if (unsigned === undefined && signedHeaders.includes('host')) return;
  throw new S3Error(
    'AccessDenied',
    `There were headers present in the request which were not signed: ${unsigned ?? 'host'}`,
  );
}

function canonicalRequest(request: S3Request, claim: Claim): string {
  const query = request.query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
    .map(([name, value]) => `${name}=${value}`);
  const headers = claim.signedHeaders.map((name) => `${name}:${headerText(request, name)}\n`);
  return [
    request.method,
    request.canonicalPath,
    query.join('&'),
    headers.join(''),
    claim.signedHeaders.join(';'),
    claim.payloadHash,
  ].join('\n');
}

/** Node reads header bytes as Latin-1; the signer has hashed them as UTF-8. */
function headerText(request: S3Request, name: string): string {
  const value = request.headers[name];
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  return Buffer.from(text, 'latin1').toString('utf8').trim().replace(/ +/g, ' ');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
