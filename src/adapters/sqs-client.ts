import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';

export interface SqsOptions {
  region: string;
  /** Absent: AWS. */
  endpoint: string | undefined;
  queueName: string;
}

export function createSqsClient({ region, endpoint }: SqsOptions): SQSClient {
  return new SQSClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
}

export async function queueUrlOf(client: SQSClient, queueName: string): Promise<string> {
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName }));
  if (QueueUrl === undefined) throw new Error(`SQS knows no queue ${queueName}`);
  return QueueUrl;
}
