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
  /** Puts one more message in. */
  add(body: string): void;
}

/**
 * Gives out `bodies` once each, then nothing; what is given back comes again, and so does what was
 * neither deleted nor held for `visibleAfterMs`.
 */
export function countingQueue(
  bodies: readonly string[],
  { visibleAfterMs = Infinity }: { visibleAfterMs?: number } = {},
): CountingQueue {
  const left: UploadMessage[] = [];
  const all = new Map<string, UploadMessage>();
  const givenAtMs = new Map<string, number>();
  const add = (body: string): void => {
    const id = `m${all.size}`;
    all.set(id, { id, body, receipt: id });
    left.push({ id, body, receipt: id });
  };
  const showAgain = (): void => {
    for (const [id, atMs] of givenAtMs) {
      if (queue.inHand.has(id) && performance.now() - atMs > visibleAfterMs) giveBack(id);
    }
  };
  const giveBack = (id: string): boolean => {
    const message = all.get(id);
    if (!queue.inHand.delete(id) || message === undefined) return false;
    left.push({ ...message });
    return true;
  };
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
      showAgain();
      const given = left.splice(0, most);
      for (const { id } of given) {
        queue.inHand.add(id);
        givenAtMs.set(id, performance.now());
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
      for (const { id } of messages) if (giveBack(id)) queue.returned.push(id);
      return Promise.resolve();
    },
    add,
    close: () => undefined,
  };
  for (const body of bodies) add(body);
  return queue;
}
