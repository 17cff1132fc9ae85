import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { mkdir } from 'node:fs/promises';
import { lockFolder } from './folder-lock.ts';
import { corsHeaders, preflightHeaders } from './s3-cors.ts';
import { S3Error } from './s3-error.ts';
import { requestId } from './s3-events.ts';
import type { MultipartUploads } from './s3-multipart.ts';
import { startNotifier } from './s3-notifier.ts';
import type { Deliver, Notification, Notifier } from './s3-notifier.ts';
import { parseRequest } from './s3-request.ts';
import { checkBucketName, route } from './s3-routes.ts';
import { verifySignature } from './s3-signature.ts';
import type { Credentials } from './s3-signature.ts';
import { openS3Store } from './s3-store.ts';
import type { S3Store } from './s3-store.ts';
import { element, xmlDocument } from './s3-xml.ts';

export interface S3ServerOptions extends Credentials {
  /** Holds the objects and a lock; created where missing. */
  dataDir: string;
  /** Default: a free one. */
  port?: number;
  /** Created where missing, like those of the notifications. */
  buckets?: readonly string[];
  notifications: readonly Notification[];
  deliver: Deliver;
  /** Said in events. Default: us-east-1. */
  region?: string;
  /** Default: 1 GiB. */
  maxObjectBytes?: number;
  /** Told about failed deliveries and bugs. Default: standard error. */
  report?: (line: string) => void;
}

export interface S3Server {
  /** Use with path-style addressing. */
  endpoint: string;
  port: number;
  /** Ends open connections; undelivered events are sent at the next start. May be called again. */
  stop: () => Promise<void>;
}

const HOST = '127.0.0.1';

/**
 * Starts an S3 server on 127.0.0.1 for development and tests: signed requests only, every version
 * kept on disk, creation events handed to `deliver` once the object is durable. Rejects where
 * another live process uses `dataDir`.
 */
export async function startS3Server(options: S3ServerOptions): Promise<S3Server> {
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const lock = lockFolder(options.dataDir);
  let store: S3Store | undefined;
  let notifier: Notifier | undefined;
  try {
    store = await openS3Store(options.dataDir);
    const buckets = options.notifications.map(({ bucket }) => bucket);
    for (const bucket of new Set([...(options.buckets ?? []), ...buckets])) {
      checkBucketName(bucket);
      await store.createBucket(bucket);
    }
    notifier = startNotifierFor(store, options);
    const server = createServer(handlerFor(store, notifier, options));
    const port = await listen(server, options.port ?? 0);
    const parts = { server, notifier, store };
    let stopping: Promise<void> | undefined;
    return {
      endpoint: `http://${HOST}:${port}`,
      port,
      stop: () => (stopping ??= close(parts).finally(() => lock.release())),
    };
  } catch (error) {
    await notifier?.stop();
    await store?.close();
    lock.release();
    throw error;
  }
}

function startNotifierFor(store: S3Store, options: S3ServerOptions): Notifier {
  const notifier = startNotifier({
    notifications: options.notifications,
    deliver: options.deliver,
    region: options.region ?? 'us-east-1',
    accessKeyId: options.accessKeyId,
    onDelivered: (versionId, id) => store.notified(versionId, id),
    report: reporter(options),
  });
  for (const { version, notifications } of store.undelivered()) {
    notifier.notify(version, notifications);
  }
  return notifier;
}

function handlerFor(store: S3Store, notifier: Notifier, options: S3ServerOptions) {
  const uploads: MultipartUploads = new Map();
  const maxObjectBytes = options.maxObjectBytes ?? 1024 ** 3;
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '/', headers } = incoming;
    for (const [name, value] of Object.entries(corsHeaders(headers))) {
      response.setHeader(name, value);
    }
    if (method === 'OPTIONS') {
      response.writeHead(204, preflightHeaders(headers)).end();
      return;
    }
    const request = parseRequest(method, url, headers);
    const signature = verifySignature(request, options, Date.now());
    const exchange = { request, signature, incoming, response, store, notifier, maxObjectBytes };
    await route(exchange, uploads);
  };
  return (incoming: IncomingMessage, response: ServerResponse): void => {
    const id = requestId();
    response.setHeader('x-amz-request-id', id);
    handle(incoming, response).catch((error: unknown) => {
      // The client has gone, or half the object has been sent: nothing can be said any more.
      if (response.headersSent || incoming.socket.destroyed) response.destroy();
      else sendError(incoming, response, error, id, reporter(options));
    });
  };
}

function sendError(
  incoming: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  id: string,
  report: (line: string) => void,
): void {
  const refusal =
    error instanceof S3Error ? error : new S3Error('InternalError', 'We encountered an error.');
  if (refusal !== error)
    report(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const silent = incoming.method === 'HEAD' || refusal.status === 304;
  response.writeHead(refusal.status, {
    ...(silent ? {} : { 'content-type': 'application/xml' }),
    // What is left of the body would be read as the next request.
    ...(incoming.complete ? {} : { connection: 'close' }),
  });
  response.end(
    silent
      ? undefined
      : xmlDocument(
          'Error',
          element('Code', refusal.code),
          element('Message', refusal.message),
          element('RequestId', id),
        ),
  );
  incoming.resume();
}

function reporter(options: S3ServerOptions): (line: string) => void {
  return options.report ?? ((line) => void process.stderr.write(`${line}\n`));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function close(parts: { server: Server; notifier: Notifier; store: S3Store }): Promise<void> {
  const closed = new Promise<void>((resolve) => parts.server.close(() => resolve()));
  parts.server.closeAllConnections();
  await closed;
  await parts.notifier.stop();
  await parts.store.close();
}
