/** SQS: the dead letters, written by the starter, read and sent back by the operator. */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type Message,
} from '@aws-sdk/client-sqs';
import type { DeadLetter, DeadLetters, DeadLetterSink } from '../uploads/dead-letters.ts';
import { createSqsClient, queueUrlOf, type SqsOptions } from './sqs-client.ts';

const REASON = 'elocute-reason';
const SOURCE = 'elocute-source-message-id';
const BATCH = 10;
/** A long poll asks every server of the queue; a short one may miss letters. */
const WAIT_S = 1;

/** Looks the queue up at the first letter, so that a starter without poison needs none. */
export function createDeadLetterSink(options: SqsOptions): DeadLetterSink {
  const client = createSqsClient(options);
  let url: string | undefined;
  return {
    async send(event, reason) {
      url ??= await queueUrlOf(client, options.queueName);
      await client.send(
        new SendMessageCommand({
          QueueUrl: url,
          MessageBody: event.body,
          MessageAttributes: {
            [REASON]: { DataType: 'String', StringValue: reason },
            [SOURCE]: { DataType: 'String', StringValue: event.id },
          },
        }),
      );
    },
    close: () => client.destroy(),
  };
}

export async function openDeadLetters(options: SqsOptions): Promise<DeadLetters> {
  const client = createSqsClient(options);
  const QueueUrl = await queueUrlOf(client, options.queueName).catch((error: unknown) => {
    client.destroy();
    throw error;
  });
  return {
    async receive(hiddenS) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: BATCH,
          WaitTimeSeconds: WAIT_S,
          VisibilityTimeout: hiddenS,
          MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
          MessageAttributeNames: [REASON, SOURCE],
        }),
      );
      return Messages.map(letterOf);
    },
    async release(letters) {
      for (let at = 0; at < letters.length; at += BATCH) {
        // One that cannot be released now shows itself when its time is over.
        await client.send(
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl,
            Entries: letters.slice(at, at + BATCH).map(({ receipt }, index) => ({
              Id: String(index),
              ReceiptHandle: receipt,
              VisibilityTimeout: 0,
            })),
          }),
        );
      }
    },
    async delete({ receipt }) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipt }));
    },
    async count() {
      const { Attributes = {} } = await client.send(
        new GetQueueAttributesCommand({
          QueueUrl,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
    },
    close: () => client.destroy(),
  };
}

function letterOf(message: Message): DeadLetter {
  const { Attributes = {}, MessageAttributes = {} } = message;
  return {
    id: message.MessageId ?? '',
    body: message.Body ?? '',
    receipt: message.ReceiptHandle ?? '',
    sentAtMs: Number(Attributes.SentTimestamp ?? 0),
    receiveCount: Number(Attributes.ApproximateReceiveCount ?? 0),
    reason: MessageAttributes[REASON]?.StringValue ?? null,
    sourceMessageId: MessageAttributes[SOURCE]?.StringValue ?? null,
  };
}

/** Puts a body into the upload queue, as a store would. */
export async function openUploadSender(
  options: SqsOptions,
): Promise<{ send(body: string): Promise<void>; close(): void }> {
  const client = createSqsClient(options);
  const QueueUrl = await queueUrlOf(client, options.queueName).catch((error: unknown) => {
    client.destroy();
    throw error;
  });
  return {
    async send(body) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
    },
    close: () => client.destroy(),
  };
}
