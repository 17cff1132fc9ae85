/** An S3-compatible store without versions, events or signatures, in memory: what is left of S3 then. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PlainStore {
  endpoint: string;
  /** Puts without a request: a hundred thousand in a moment. `bytes` may be shared. */
  put(bucket: string, key: string, bytes: Buffer, modifiedAt: Date): { etag: string };
  /** Requests so far, as `GET list`, `HEAD object` and so on. */
  requests: Map<string, number>;
  close(): Promise<void>;
}

interface StoredObject {
  bytes: Buffer;
  etag: string;
  modifiedAt: Date;
}

export async function startPlainStore(): Promise<PlainStore> {
  const buckets = new Map<string, Map<string, StoredObject>>();
  const sorted = new Map<string, string[]>();
  const requests = new Map<string, number>();
  const put = (bucket: string, key: string, bytes: Buffer, modifiedAt: Date) => {
    const etag = createHash('md5').update(bytes).digest('hex');
    const objects = buckets.get(bucket) ?? new Map<string, StoredObject>();
    buckets.set(bucket, objects.set(key, { bytes, etag, modifiedAt }));
    sorted.delete(bucket);
    return { etag };
  };
  const keysOf = (bucket: string): string[] => {
    const keys = sorted.get(bucket) ?? [...(buckets.get(bucket)?.keys() ?? [])].sort(byBytes);
    sorted.set(bucket, keys);
    return keys;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://store');
    const [, bucket = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const kind = `${request.method ?? ''} ${key === '' ? 'list' : 'object'}`;
    requests.set(kind, (requests.get(kind) ?? 0) + 1);
    const objects = buckets.get(bucket) ?? new Map<string, StoredObject>();
    if (request.method === 'PUT') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { etag } = put(bucket, key, Buffer.concat(chunks), new Date());
      response.writeHead(200, { etag: `"${etag}"` }).end();
    } else if (key === '') {
      const page = listing(keysOf(bucket), objects, url.searchParams);
      response.writeHead(200, { 'content-type': 'application/xml' }).end(page);
    } else {
      const found = objects.get(key);
      const match = request.headers['if-match']?.replaceAll('"', '');
      if (found === undefined) response.writeHead(404).end();
      else if (match !== undefined && match !== found.etag) response.writeHead(412).end();
      else {
        response.writeHead(200, { etag: `"${found.etag}"`, 'content-length': found.bytes.length });
        response.end(request.method === 'HEAD' ? undefined : found.bytes);
      }
    }
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    put,
    requests,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The token is the number of the next key: opaque, as AWS's is, and not a key. */
function listing(
  keys: readonly string[],
  objects: ReadonlyMap<string, StoredObject>,
  query: URLSearchParams,
): string {
  const prefix = query.get('prefix') ?? '';
  const size = Number(query.get('max-keys') ?? 1000);
  const page: string[] = [];
  let next = Number(query.get('continuation-token') ?? 0);
  for (; next < keys.length && page.length < size; next += 1) {
    const key = keys[next] ?? '';
    const object = objects.get(key);
    if (object === undefined || !key.startsWith(prefix)) continue;
    page.push(
      `<Contents><Key>${encodeListed(key)}</Key>` +
        `<LastModified>${object.modifiedAt.toISOString()}</LastModified>` +
        `<ETag>&quot;${object.etag}&quot;</ETag><Size>${object.bytes.length}</Size></Contents>`,
    );
  }
  const more = next < keys.length;
  return (
    '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>' +
    `<IsTruncated>${more}</IsTruncated><EncodingType>url</EncodingType>` +
    (more ? `<NextContinuationToken>${next}</NextContinuationToken>` : '') +
    `${page.join('')}</ListBucketResult>`
  );
}

/** As AWS writes it: a space becomes a plus. */
function encodeListed(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
