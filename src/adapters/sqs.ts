/** SQS: the queue that upload events arrive in. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { UploadMessage, UploadQueue } from '../uploads/upload-queue.ts';
import { createSqsClient, queueUrlOf, type SqsOptions } from './sqs-client.ts';

/** Starting workflows takes milliseconds; whoever needs longer holds the message. */
const VISIBILITY_TIMEOUT_S = 60;
/** The longest poll that SQS allows: fewest empty answers. */
const WAIT_S = 20;
const BATCH = 10;

export async function openUploadQueue(options: SqsOptions): Promise<UploadQueue> {
  const client = createSqsClient(options);
  const QueueUrl = await queueUrlOf(client, options.queueName);
  return {
    async receive(signal, most): Promise<UploadMessage[]> {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(BATCH, most),
          WaitTimeSeconds: WAIT_S,
          VisibilityTimeout: VISIBILITY_TIMEOUT_S,
          MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
        }),
        { abortSignal: signal },
      );
      return Messages.flatMap(({ Body, ReceiptHandle, MessageId, Attributes }) =>
        ReceiptHandle === undefined
          ? []
          : [
              {
                id: MessageId ?? '',
                body: Body ?? '',
                receipt: ReceiptHandle,
                ...sentAtOf(Attributes?.SentTimestamp),
              },
            ],
      );
    },
    async delete(message) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.receipt }));
    },
    async hold(messages, seconds) {
      for (let at = 0; at < messages.length; at += BATCH) {
        const Entries = messages.slice(at, at + BATCH).map(({ receipt }, index) => ({
          Id: String(index),
          ReceiptHandle: receipt,
          VisibilityTimeout: seconds,
        }));
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
      }
    },
    close: () => client.destroy(),
  };
}

function sentAtOf(timestamp: string | undefined): { sentAtMs?: number } {
  return timestamp === undefined ? {} : { sentAtMs: Number(timestamp) };
}
