/** An upload event that came by HTTP, from a sender that has proved who he is. */
import { buryPoison } from './bury-poison.ts';
import type { DeadLetterSink } from './dead-letters.ts';
import {
  handleEvent,
  type ArrivedEvent,
  type EventDependencies,
  type HandledEvent,
  type UploadCounts,
} from './handle-event.ts';

export interface RequestDependencies extends EventDependencies {
  /** Null where there is no queue: poison stays with its sender. */
  deadLetters: DeadLetterSink | null;
  /** True where what failed one event would fail every other now, too. */
  isOutage: (error: unknown) => boolean;
}

export type SettledEvent =
  | HandledEvent
  /** Not understood, and kept in the dead letters: the sender need not keep it. */
  | { kind: 'buried'; reason: string };

/** What fails is counted as the poller counts it, and rejects: the sender tries again. */
export function createRequestHandler(deps: RequestDependencies, counts: UploadCounts) {
  return async (event: ArrivedEvent): Promise<SettledEvent> => {
    const handled = await handleEvent(event, deps, counts).catch((error: unknown) => {
      counts[deps.isOutage(error) ? 'refused' : 'errors'] += 1;
      throw error;
    });
    const { deadLetters, log } = deps;
    if (handled.kind !== 'poison' || deadLetters === null) return handled;
    const { reason } = handled;
    const isBuried = await buryPoison(event, reason, { deadLetters, log }, counts);
    return isBuried ? { kind: 'buried', reason } : handled;
  };
}
