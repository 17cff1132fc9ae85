import type { DeadLetterSink } from './dead-letters.ts';
import type { ArrivedEvent, EventDependencies, UploadCounts } from './handle-event.ts';

/**
 * Sends what nobody understands to the dead letters. False where that fails, which is not thrown:
 * poison must not make the good ones wait.
 */
export async function buryPoison(
  poison: ArrivedEvent,
  reason: string,
  { deadLetters, log }: Pick<EventDependencies, 'log'> & { deadLetters: DeadLetterSink },
  counts: UploadCounts,
): Promise<boolean> {
  try {
    await deadLetters.send(poison, reason);
    return true;
  } catch (error) {
    counts.errors += 1;
    const messageId = poison.id;
    log.warn({ err: error, messageId }, 'poison could not be moved to the dead letters');
    return false;
  }
}
