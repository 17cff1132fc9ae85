/** The dead letters, without any vendor's types. */
import type { ArrivedEvent } from './handle-event.ts';

/** Where poison goes: with its reason, so that a person can tell what to do. */
export interface DeadLetterSink {
  send(event: ArrivedEvent, reason: string): Promise<void>;
  close(): void;
}

export interface DeadLetter {
  id: string;
  body: string;
  /** What deletes or releases this delivery of it. */
  receipt: string;
  sentAtMs: number;
  /** By whomever, looks of ours included. */
  receiveCount: number;
  /** Null where the queue's redrive policy moved it: then nobody knew one. */
  reason: string | null;
  sourceMessageId: string | null;
}

export interface DeadLetters {
  /** Some letters, hidden from others for `hiddenS`; empty where none is left. */
  receive(hiddenS: number): Promise<DeadLetter[]>;
  /** Shows them to others again at once. */
  release(letters: readonly DeadLetter[]): Promise<void>;
  delete(letter: DeadLetter): Promise<void>;
  /** About how many there are, those included that somebody looks at now. */
  count(): Promise<number>;
  close(): void;
}
