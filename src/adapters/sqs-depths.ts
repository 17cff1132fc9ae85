/** How many messages the upload queue and its dead-letter queue hold. */
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { QueueDepths } from '../uploads/upload-queue.ts';
import { createSqsClient, queueUrlOf, type SqsOptions } from './sqs-client.ts';

export interface QueueDepthReader {
  read(): Promise<QueueDepths>;
  close(): void;
}

type CountName =
  | 'ApproximateNumberOfMessages'
  | 'ApproximateNumberOfMessagesNotVisible'
  | 'ApproximateNumberOfMessagesDelayed';

/** The redrive policy names the dead-letter queue; it is looked up once. */
export function openQueueDepths(options: SqsOptions): QueueDepthReader {
  const client = createSqsClient(options);
  const addressOf = (name: string) => queueUrlOf(client, name);
  let uploads: Promise<string> | undefined;
  let dead: Promise<string> | undefined;
  const attributesOf = async (queueUrl: string) => {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
    );
    return Attributes;
  };
  /** Null too where we may not look: what waits is shown all the same. */
  const deadLetters = async (policy: string | undefined) => {
    const name = deadLetterQueueOf(policy);
    if (name === null) return null;
    try {
      dead ??= addressOf(name);
      return countOf(await attributesOf(await dead), 'ApproximateNumberOfMessages');
    } catch {
      dead = undefined;
      return null;
    }
  };
  return {
    async read() {
      try {
        uploads ??= addressOf(options.queueName);
        const attributes = await attributesOf(await uploads);
        return {
          waiting: countOf(attributes, 'ApproximateNumberOfMessages'),
          inFlight: countOf(attributes, 'ApproximateNumberOfMessagesNotVisible'),
          delayed: countOf(attributes, 'ApproximateNumberOfMessagesDelayed'),
          deadLetters: await deadLetters(attributes.RedrivePolicy),
        };
      } catch (error) {
        uploads = undefined;
        throw error;
      }
    },
    close: () => client.destroy(),
  };
}

function countOf(attributes: Partial<Record<string, string>>, name: CountName): number {
  return Number(attributes[name] ?? 0);
}

/** `{"deadLetterTargetArn": "arn:aws:sqs:region:account:name", …}` */
function deadLetterQueueOf(policy: string | undefined): string | null {
  if (policy === undefined) return null;
  const { deadLetterTargetArn } = JSON.parse(policy) as { deadLetterTargetArn?: string };
  return deadLetterTargetArn?.split(':').at(-1) ?? null;
}
