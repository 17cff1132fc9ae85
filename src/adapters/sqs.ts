/** SQS: the queue that upload events arrive in. */
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { UploadMessage, UploadQueue } from '../uploads/upload-queue.ts';
import { createSqsClient, queueUrlOf, type SqsOptions } from './sqs-client.ts';

/** Starting workflows takes milliseconds; a message that is not deleted by then may come again. */
const VISIBILITY_TIMEOUT_S = 60;
/** The longest poll that SQS allows: fewest empty answers. */
const WAIT_S = 20;
const BATCH = 10;

export async function openUploadQueue(options: SqsOptions): Promise<UploadQueue> {
  const client = createSqsClient(options);
  const QueueUrl = await queueUrlOf(client, options.queueName);
  return {
    async receive(signal): Promise<UploadMessage[]> {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: BATCH,
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
    close: () => client.destroy(),
  };
}

function sentAtOf(timestamp: string | undefined): { sentAtMs?: number } {
  return timestamp === undefined ? {} : { sentAtMs: Number(timestamp) };
}
