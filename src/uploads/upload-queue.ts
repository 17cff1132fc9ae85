/** The queue of upload events, without any vendor's types. */
export interface UploadMessage {
  id: string;
  body: string;
  /** What deletes this delivery of the message. */
  receipt: string;
}

export interface UploadQueue {
  /** Waits for messages; empty when none came in time. */
  receive(signal: AbortSignal): Promise<UploadMessage[]>;
  delete(message: UploadMessage): Promise<void>;
  close(): void;
}
