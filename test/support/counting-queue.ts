/** A queue in memory that counts: how often each message was given out, what became of it. */
import type { UploadMessage, UploadQueue } from '../../src/uploads/upload-queue.ts';

export interface CountingQueue extends UploadQueue {
  /** Messages given out and neither deleted nor given back. */
  inHand: Set<string>;
  mostInHand: number;
  receivesInFlight: number;
  mostReceivesInFlight: number;
  /** How often each message was received. */
  receives: Map<string, number>;
  deleted: string[];
  returned: string[];
}

/** Gives out `bodies` once each, then nothing; what is given back comes again. */
export function countingQueue(bodies: readonly string[]): CountingQueue {
  const left = bodies.map((body, at): UploadMessage => ({ id: `m${at}`, body, receipt: `m${at}` }));
  const all = new Map(left.map((message) => [message.id, message]));
  const queue: CountingQueue = {
    inHand: new Set(),
    mostInHand: 0,
    receivesInFlight: 0,
    mostReceivesInFlight: 0,
    receives: new Map(),
    deleted: [],
    returned: [],
    async receive(signal, most) {
      queue.receivesInFlight += 1;
      queue.mostReceivesInFlight = Math.max(queue.mostReceivesInFlight, queue.receivesInFlight);
      // The network's turn, so that receives can overlap.
      await new Promise((resolve) => setImmediate(resolve));
      queue.receivesInFlight -= 1;
      signal.throwIfAborted();
      const given = left.splice(0, most);
      for (const { id } of given) {
        queue.inHand.add(id);
        queue.receives.set(id, (queue.receives.get(id) ?? 0) + 1);
      }
      queue.mostInHand = Math.max(queue.mostInHand, queue.inHand.size);
      return given;
    },
    delete({ id }) {
      queue.inHand.delete(id);
      queue.deleted.push(id);
      return Promise.resolve();
    },
    hold(messages, seconds) {
      if (seconds > 0) return Promise.resolve();
      for (const { id } of messages) {
        const message = all.get(id);
        if (!queue.inHand.delete(id) || message === undefined) continue;
        queue.returned.push(id);
        left.push(message);
      }
      return Promise.resolve();
    },
    close: () => undefined,
  };
  return queue;
}
