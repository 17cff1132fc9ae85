import { setTimeout as delay } from 'node:timers/promises';
import { creationEvent, testEvent } from './s3-events.ts';
import type { S3EventMessage } from './s3-events.ts';
import type { ObjectVersion } from './s3-journal.ts';

export interface Notification {
  bucket: string;
  /** Only keys that begin and end so; default: all. */
  prefix?: string;
  suffix?: string;
  queueUrl: string;
}

/** Hands one message to a queue; a rejection means "try again". */
export type Deliver = (
  event: S3EventMessage,
  queueUrl: string,
  signal: AbortSignal,
) => Promise<void>;

export interface NotifierOptions {
  notifications: readonly Notification[];
  deliver: Deliver;
  region: string;
  accessKeyId: string;
  /** Told when an event has reached its queue. */
  onDelivered: (versionId: string, notificationId: string) => Promise<void>;
  report: (line: string) => void;
}

export interface Notifier {
  /** Ids of the notifications that a new version of this key is due for. */
  dueFor(bucket: string, key: string): string[];
  /** Queues the events; they are sent in the background. */
  notify(version: ObjectVersion, notificationIds: readonly string[]): void;
  /** Stops sending; what is still queued is left to `onDelivered` never having been told. */
  stop(): Promise<void>;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

interface Outgoing {
  message: S3EventMessage;
  versionId?: string;
}

/**
 * Sends events in the background, for each notification in order, and repeats a failed delivery
 * until it succeeds. A test event goes first, as when a target is set on S3.
 */
export function startNotifier(options: NotifierOptions): Notifier {
  const abort = new AbortController();
  const lanes = new Map(
    options.notifications.map((notification) => {
      const id = notificationId(notification);
      return [id, startLane(id, notification, options, abort.signal)] as const;
    }),
  );
  for (const lane of lanes.values()) {
    lane.push({ message: testEvent(lane.notification.bucket) });
  }
  return {
    dueFor: (bucket, key) =>
      [...lanes]
        .filter(([, { notification }]) => matches(notification, bucket, key))
        .map(([id]) => id),
    notify: (version, ids) => {
      for (const id of ids) {
        const { region, accessKeyId } = options;
        const message = creationEvent(version, { notificationId: id, region, accessKeyId });
        lanes.get(id)?.push({ message, versionId: version.versionId });
      }
    },
    stop: async () => {
      abort.abort();
      await Promise.all([...lanes.values()].map((lane) => lane.idle()));
    },
  };
}

/** The same at every start, though the queue's address changes. */
function notificationId({ bucket, prefix = '', suffix = '' }: Notification): string {
  return `${bucket}:${prefix}*${suffix}`;
}

function matches(notification: Notification, bucket: string, key: string): boolean {
  const { prefix = '', suffix = '' } = notification;
  return bucket === notification.bucket && key.startsWith(prefix) && key.endsWith(suffix);
}

function startLane(
  id: string,
  notification: Notification,
  options: NotifierOptions,
  signal: AbortSignal,
) {
  const waiting: Outgoing[] = [];
  let active = false;
  let running = Promise.resolve();
  const drain = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (!(await sendUntilAccepted(next, notification, options, signal))) break;
      if (next.versionId === undefined) continue;
      await options.onDelivered(next.versionId, id).catch((error: unknown) => {
        options.report(`A delivery could not be noted, it will be repeated: ${String(error)}`);
      });
    }
    // In the same step as the look into the empty list, so that no push falls between them.
    active = false;
  };
  return {
    notification,
    push(outgoing: Outgoing): void {
      waiting.push(outgoing);
      if (active || signal.aborted) return;
      active = true;
      running = drain();
    },
    idle: () => running,
  };
}

/** False where the notifier was stopped first. */
async function sendUntilAccepted(
  outgoing: Outgoing,
  { queueUrl }: Notification,
  { deliver, report }: NotifierOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const stopped = (): boolean => signal.aborted;
  for (let waitMs = FIRST_RETRY_MS; !stopped(); waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)) {
    try {
      await deliver(outgoing.message, queueUrl, signal);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Breaking off at the end is no failure to report.
      if (stopped()) break;
      report(`An upload event could not be delivered, trying again in ${waitMs} ms: ${reason}`);
      await delay(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}
