/** Troubles of the speech service one after the other, each until it has struck as often as planned. */
import { status } from '@grpc/grpc-js';
import type { Fault } from '../../src/local/speech-faults.ts';
import type { SpeechFault } from './plan-faults.ts';

export type SpeechTrouble = Pick<SpeechFault, 'trouble' | 'count'>;

export interface SpeechTroubles {
  /** Waits its turn: one that replaced another would leave that without a call to strike. */
  add(trouble: SpeechTrouble): void;
  /** From now on every call is answered. */
  end(): void;
}

/** Longer than any client waits. */
const HANG_MS = 600_000;

const TROUBLES: Record<SpeechFault['trouble'], Omit<Fault, 'count'>> = {
  unavailable: { code: status.UNAVAILABLE, details: 'The service is unavailable.' },
  exhausted: { code: status.RESOURCE_EXHAUSTED, details: 'Quota exceeded.' },
  deadline: { code: status.DEADLINE_EXCEEDED, details: 'Deadline exceeded.', delayMs: 500 },
  hang: { code: status.INTERNAL, details: 'It never answers.', delayMs: HANG_MS },
};

export function createTroubles(
  inject: (fault: Fault) => void,
  onStruck: (trouble: SpeechFault['trouble']) => void,
): SpeechTroubles {
  const waiting: SpeechTrouble[] = [];
  let left = 0;
  const next = (): void => {
    const first = left > 0 ? undefined : waiting.shift();
    if (first === undefined) return;
    const { trouble, count } = first;
    left = count;
    const struck = (): void => {
      onStruck(trouble);
      left -= 1;
      next();
    };
    inject({ ...TROUBLES[trouble], count, onStruck: struck });
  };
  return {
    add(trouble) {
      waiting.push(trouble);
      next();
    },
    end() {
      waiting.length = 0;
      left = 0;
      inject({ code: status.OK, details: '', count: 0 });
    },
  };
}
