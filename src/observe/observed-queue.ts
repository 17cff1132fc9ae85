/** Watches the upload queue: how much waits, how old the oldest message is, what is dead. */
import type { QueueDepths, UploadQueue } from '../uploads/upload-queue.ts';
import type { Meter } from './meter.ts';

/**
 * SQS itself tells the age of its oldest message only to CloudWatch. Here it is the age of the oldest
 * message that came last, which grows while nothing comes although something waits; whatever waits
 * after the queue was seen empty is younger than that moment.
 */
export function observedQueue(
  queue: UploadQueue,
  readDepths: () => Promise<QueueDepths>,
  meter: Meter,
  nowMs: () => number = Date.now,
): UploadQueue {
  let oldestSentAtMs = nowMs();
  // Gauges of one scrape share one answer.
  let asked: { atMs: number; depths: Promise<QueueDepths | null> } | undefined;
  const depths = () => {
    if (asked === undefined || nowMs() - asked.atMs > SHARED_FOR_MS) {
      asked = { atMs: nowMs(), depths: readDepths().catch(() => null) };
    }
    return asked.depths;
  };
  meter.read('elocute_queue_messages', async () => {
    const now = await depths();
    if (now === null) return [];
    return [
      { labels: { state: 'waiting' }, value: now.waiting },
      { labels: { state: 'in_flight' }, value: now.inFlight },
      { labels: { state: 'delayed' }, value: now.delayed },
    ];
  });
  meter.read('elocute_dead_letters', async () => {
    const dead = (await depths())?.deadLetters ?? null;
    return dead === null ? [] : [{ labels: {}, value: dead }];
  });
  meter.read('elocute_queue_oldest_message_seconds', async () => {
    const now = await depths();
    if (now === null) return [];
    if (now.waiting + now.inFlight === 0) oldestSentAtMs = nowMs();
    return [{ labels: {}, value: Math.max(0, nowMs() - oldestSentAtMs) / 1000 }];
  });
  return {
    async receive(signal, most) {
      const messages = await queue.receive(signal, most);
      const sent = messages.flatMap(({ sentAtMs }) => sentAtMs ?? []);
      oldestSentAtMs = Math.min(...sent, nowMs());
      return messages;
    },
    delete: (message) => queue.delete(message),
    hold: (messages, seconds) => queue.hold(messages, seconds),
    close: () => queue.close(),
  };
}

const SHARED_FOR_MS = 500;
