/** Between S3 and the queue: events are doubled, delayed, reordered and lost, as planned. */
import type { Deliver } from '../../src/local/s3-notifier.ts';
import { eventFate, type EventWeather } from './event-fate.ts';
import type { NoteEvent } from './event-log.ts';
import { namedEvent } from './event-name.ts';

export interface RelayOptions {
  seed: number;
  weather: EventWeather;
  note: NoteEvent;
  send: Deliver;
}

export interface EventRelay {
  deliver: Deliver;
  /** Copies that have not been sent yet are lost, like messages in a queue that ends. */
  stop(): void;
}

export function createEventRelay({ seed, weather, note, send }: RelayOptions): EventRelay {
  const timers = new Set<NodeJS.Timeout>();
  return {
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
    async deliver(message, queueUrl, signal) {
      const named = namedEvent(message);
      if (named === null) return send(message, queueUrl, signal);
      const { id, content, sequencer } = named;
      const { delaysMs } = eventFate(seed, content, weather);
      note({ event: 'received', id, delaysMs });
      delaysMs.forEach((delayMs, copy) => {
        const timer = setTimeout(() => {
          timers.delete(timer);
          send(message, queueUrl, signal).then(
            () => note({ event: 'sent', id, sequencer, copy, late: delayMs > 0 }),
            // As lost as if the queue had ended a moment later.
            () => undefined,
          );
        }, delayMs);
        timers.add(timer);
      });
    },
  };
}
