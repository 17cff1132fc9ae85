/** Failures on demand: what a speech service does on a bad day. */
import { setTimeout as delay } from 'node:timers/promises';
import { SpeechStatus } from './speech-request.ts';

export interface Fault {
  /** gRPC status code. */
  code: number;
  details: string;
  /** How many calls fail. */
  count: number;
  /** How long each of them takes to fail. */
  delayMs?: number;
  /** Told of each call that fails so, before it does. */
  onStruck?: () => void;
}

export interface Faults {
  /** Replaces the fault before; a `count` of 0 mends the service. */
  inject(fault: Fault): void;
  /** Fails as injected, or does nothing. An abort of `signal` ends the delay. */
  strike(signal: AbortSignal): Promise<void>;
}

export function createFaults(): Faults {
  let current: Fault | undefined;
  let left = 0;
  return {
    inject(fault) {
      current = fault;
      left = fault.count;
    },
    async strike(signal) {
      if (current === undefined || left <= 0) return;
      const { code, details, delayMs = 0, onStruck } = current;
      left--;
      onStruck?.();
      // Unreferenced: a pending failure keeps no process alive.
      await delay(delayMs, undefined, { signal, ref: false });
      throw new SpeechStatus(code, details);
    },
  };
}
