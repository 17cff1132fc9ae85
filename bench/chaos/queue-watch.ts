/** Sees which events starters acknowledge: what they have deleted, nothing else remembers. */
import type { S3EventMessage } from '../../src/local/s3-events.ts';
import type { SqsAnswer } from '../../src/local/sqs-server.ts';
import type { NoteEvent } from './event-log.ts';
import { namedEvent } from './event-name.ts';

interface Received {
  Messages?: { ReceiptHandle: string; Body: string }[];
}

interface Deletion {
  ReceiptHandle?: string;
  Entries?: { ReceiptHandle: string }[];
}

/** How the name of the queue of dead letters ends. */
const DEAD = '-dead';

/** To be told every answer of a queue that lives as long as this does. */
export function watchQueue(note: NoteEvent) {
  const uploads = new Map<string, string>();
  return ({ action, request, answer }: SqsAnswer): void => {
    switch (action) {
      case 'ReceiveMessage':
        for (const { ReceiptHandle, Body } of (answer as Received).Messages ?? []) {
          const id = uploadOf(Body);
          if (id !== null) uploads.set(ReceiptHandle, id);
        }
        break;
      case 'DeleteMessage':
      case 'DeleteMessageBatch': {
        const { ReceiptHandle, Entries = [] } = request as Deletion;
        for (const receipt of [ReceiptHandle, ...Entries.map((entry) => entry.ReceiptHandle)]) {
          const id = uploads.get(receipt ?? '');
          if (id !== undefined) note({ event: 'taken', id });
        }
        break;
      }
      case 'SendMessage':
        if ((request as { QueueUrl: string }).QueueUrl.endsWith(DEAD)) note({ event: 'dead' });
        break;
    }
  };
}

/** Null for what announces no upload, whatever it is. */
function uploadOf(body: string): string | null {
  try {
    return namedEvent(JSON.parse(body) as S3EventMessage)?.id ?? null;
  } catch {
    return null;
  }
}
