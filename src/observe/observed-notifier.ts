/** Counts what became of each attempt to tell the application. */
import type { Notifier } from '../activities/ports.ts';
import { ElocuteError } from '../failures.ts';
import type { Meter } from './meter.ts';

export function observedNotifier(notifier: Notifier | null, meter: Meter): Notifier | null {
  if (notifier === null) return null;
  return {
    async send(body, signal) {
      let outcome = 'sent';
      try {
        await notifier.send(body, signal);
      } catch (error) {
        outcome = error instanceof ElocuteError ? error.code : 'INTERNAL';
        throw error;
      } finally {
        meter.count('elocute_notifications_total', { outcome });
      }
    },
  };
}
