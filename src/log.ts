/** Structured logs on standard error; never keys, sentences, audio or credentials. */
import { pino, type Logger } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export function createLog(name: string, level: string): Log {
  return pino({ name, level }, pino.destination({ dest: 2, sync: true }));
}
