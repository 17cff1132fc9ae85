/** The queue of upload events, without any vendor's types. */
export interface UploadMessage {
  id: string;
  body: string;
  /** What deletes this delivery of the message. */
  receipt: string;
  /** When it was put into the queue; absent where the queue does not say. */
  sentAtMs?: number;
}

export interface UploadQueue {
  /** Waits for messages, at most `most` of them; empty when none came in time. */
  receive(signal: AbortSignal, most: number): Promise<UploadMessage[]>;
  delete(message: UploadMessage): Promise<void>;
  /**
   * Keeps messages in hand from other receivers for so many seconds from now; 0 gives them back at
   * once. One that is not ours any more is no error.
   */
  hold(messages: readonly UploadMessage[], seconds: number): Promise<void>;
  close(): void;
}

/** How full the queue is, and its dead letters; counts are approximate. */
export interface QueueDepths {
  waiting: number;
  inFlight: number;
  delayed: number;
  /** Null where the queue has no dead-letter queue. */
  deadLetters: number | null;
}
