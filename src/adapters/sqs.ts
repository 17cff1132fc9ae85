/** SQS: the queue that upload events arrive in. */
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { UploadMessage, UploadQueue } from '../uploads/upload-queue.ts';

export interface SqsOptions {
  region: string;
  endpoint: string | undefined;
  queueName: string;
}

/** Starting workflows takes milliseconds; a message that is not deleted by then may come again. */
const VISIBILITY_TIMEOUT_S = 60;
/** The longest poll that SQS allows: fewest empty answers. */
const WAIT_S = 20;
const BATCH = 10;

export async function openUploadQueue(options: SqsOptions): Promise<UploadQueue> {
  const client = new SQSClient({
    region: options.region,
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
  });
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: options.queueName }));
  if (QueueUrl === undefined) throw new Error(`SQS knows no queue ${options.queueName}`);
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
