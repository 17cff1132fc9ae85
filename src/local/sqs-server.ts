import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import type { Deliver } from './s3-notifier.ts';
import type { Credentials } from './s3-signature.ts';

export interface SqsServer {
  endpoint: string;
  port: number;
  /** Ends open connections, long polls included. May be called again. */
  stop: () => Promise<void>;
}

/** A call that succeeded. */
export interface SqsAnswer {
  /** As SQS names it: `ReceiveMessage`, `DeleteMessage` … */
  action: string;
  request: object;
  answer: object;
}

export interface SqsServerOptions {
  /** Default: a free one. */
  port?: number;
  /** Told each call that succeeded, before its client is. */
  onAnswer?: (call: SqsAnswer) => void;
}

export interface UploadQueue extends SqsServer {
  queueUrl: string;
  deadLetterUrl: string;
  /** Puts one S3 event into a queue. */
  send: Deliver;
}

const HOST = '127.0.0.1';
const REGION = 'us-east-1';
const DAY_S = 86_400;

/** Starts an SQS server on 127.0.0.1. Its queues live in memory: they end with it. */
export async function startSqsServer(options: SqsServerOptions = {}): Promise<SqsServer> {
  const { port = 0, onAnswer } = options;
  // Not fauxqs' own `startFauxqs`, which listens on all interfaces.
  const app = buildApp({ logger: false, defaultRegion: REGION });
  // It also has an S3 store that checks no signature, and a page that shows all messages.
  app.addHook('onRequest', async (request, reply) => {
    const isSqs = request.headers['content-type']?.includes('application/x-amz-json-1.0');
    if (request.method !== 'POST' || isSqs !== true) {
      await reply.code(404).send('This server speaks SQS only.');
    }
  });
  // It answers polls whose client has gone, too; those messages would be hidden for their minute.
  app.addHook('onSend', async (request, reply, payload) => {
    if (!reply.raw.destroyed || typeof payload !== 'string') return;
    const { QueueUrl } = request.body as { QueueUrl?: string };
    const { Messages = [] } = JSON.parse(payload) as { Messages?: { ReceiptHandle: string }[] };
    for (const { ReceiptHandle } of Messages) {
      await app.inject({
        method: 'POST',
        url: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonSQS.ChangeMessageVisibility',
          // It names the region.
          authorization: request.headers.authorization ?? '',
        },
        payload: { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 },
      });
    }
  });
  if (onAnswer !== undefined) {
    app.addHook('onSend', (request, reply, payload, done) => {
      const action = String(request.headers['x-amz-target'] ?? '').replace('AmazonSQS.', '');
      if (reply.statusCode < 400) {
        onAnswer({ action, request: request.body as object, answer: answerOf(payload) });
      }
      done();
    });
  }
  const endpoint = await app.listen({ host: HOST, port });
  let stopping: Promise<void> | undefined;
  return {
    endpoint,
    port: Number(new URL(endpoint).port),
    stop: () => (stopping ??= Promise.resolve(app.close())),
  };
}

/** Some calls are answered with nothing. */
function answerOf(payload: unknown): object {
  return typeof payload === 'string' && payload !== '' ? (JSON.parse(payload) as object) : {};
}

/**
 * Starts an SQS server with the queue `elocute-uploads`, whose messages move to
 * `elocute-uploads-dead` after five receives without deletion.
 */
export async function startUploadQueue(
  options: Credentials & SqsServerOptions,
): Promise<UploadQueue> {
  const server = await startSqsServer(options);
  const { accessKeyId, secretAccessKey } = options;
  const client = new SQSClient({
    endpoint: server.endpoint,
    region: REGION,
    credentials: { accessKeyId, secretAccessKey },
  });
  const stop = async (): Promise<void> => {
    client.destroy();
    await server.stop();
  };
  try {
    const deadLetterUrl = await createQueue(client, 'elocute-uploads-dead', {
      MessageRetentionPeriod: String(14 * DAY_S),
    });
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ['QueueArn'] }),
    );
    const queueUrl = await createQueue(client, 'elocute-uploads', {
      // The starter needs milliseconds for a message; see docs on the queue.
      VisibilityTimeout: '60',
      MessageRetentionPeriod: String(4 * DAY_S),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: Attributes?.['QueueArn'],
        maxReceiveCount: 5,
      }),
    });
    const send: Deliver = async (event, target, abortSignal) => {
      const message = { QueueUrl: target, MessageBody: JSON.stringify(event) };
      await client.send(new SendMessageCommand(message), { abortSignal });
    };
    return { ...server, queueUrl, deadLetterUrl, send, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function createQueue(
  client: SQSClient,
  name: string,
  attributes: Record<string, string>,
): Promise<string> {
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  if (QueueUrl === undefined) throw new Error(`The SQS server gave no address for ${name}.`);
  return QueueUrl;
}
