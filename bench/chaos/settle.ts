/** Waits until nothing is queued and no workflow runs. */
import { setTimeout as delay } from 'node:timers/promises';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { CREDENTIALS } from './chaos-stack.ts';

export interface Backlog {
  /** Messages that wait, are in hand, or come again. */
  queued: number;
  dead: number;
  running: number;
  workflows: number;
}

export interface Observer {
  /** Resolves when there is a row. */
  firstRow(signal: AbortSignal): Promise<void>;
  backlog(): Promise<Backlog>;
  close(): Promise<void>;
}

const QUEUE = 'elocute-uploads';
const DEADLINE_MS = 5000;

export async function openObserver(environment: Record<string, string>): Promise<Observer> {
  const sqs = new SQSClient({
    endpoint: environment['SQS_ENDPOINT'] ?? '',
    region: 'us-east-1',
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
  const connection = await Connection.connect({ address: environment['TEMPORAL_ADDRESS'] ?? '' });
  const client = new Client({ connection });
  const depth = async (QueueName: string) => {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return (
      Number(Attributes['ApproximateNumberOfMessages'] ?? 0) +
      Number(Attributes['ApproximateNumberOfMessagesNotVisible'] ?? 0) +
      Number(Attributes['ApproximateNumberOfMessagesDelayed'] ?? 0)
    );
  };
  const count = async (query: string) =>
    (await connection.withDeadline(Date.now() + DEADLINE_MS, () => client.workflow.count(query)))
      .count;
  return {
    async firstRow(signal) {
      const database = new pg.Client({ connectionString: environment['DATABASE_URL'] ?? '' });
      await database.connect();
      try {
        for (;;) {
          const { rowCount } = await database.query('select 1 from elocute.scoring limit 1');
          if (rowCount !== 0) return;
          await delay(LOOK_EVERY_MS / 5, undefined, { signal });
        }
      } finally {
        await database.end();
      }
    },
    async backlog() {
      const [queued, dead, running, workflows] = await Promise.all([
        depth(QUEUE),
        depth(`${QUEUE}-dead`),
        count('WorkflowType = "scorePronunciation" AND ExecutionStatus = "Running"'),
        count('WorkflowType = "scorePronunciation"'),
      ]);
      return { queued, dead, running, workflows };
    },
    async close() {
      sqs.destroy();
      await connection.close();
    },
  };
}

export interface SettleOptions {
  observer: Observer;
  signal: AbortSignal;
  /** Given up when nothing has changed for so long: what still runs then is stuck. */
  patienceMs: number;
}

const LOOK_EVERY_MS = 500;
/** Between two empty looks a message may be on its way from the queue to its workflow. */
const QUIET_LOOKS = 4;

/** True when all is done; false when it does not go on. */
export async function settle({ observer, signal, patienceMs }: SettleOptions): Promise<boolean> {
  let quiet = 0;
  let last = '';
  let changedMs = performance.now();
  while (quiet < QUIET_LOOKS) {
    await delay(LOOK_EVERY_MS, undefined, { signal });
    const backlog = await observer.backlog();
    quiet = backlog.queued + backlog.running === 0 ? quiet + 1 : 0;
    const now = JSON.stringify(backlog);
    if (now !== last) changedMs = performance.now();
    last = now;
    if (performance.now() - changedMs > patienceMs) return false;
  }
  return true;
}
