/** The speech service as a process: it fails when told to, and counts what it would bill. */
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { startSpeechServer } from '../../src/local/speech-server.ts';
import type { Fault } from '../../src/local/speech-faults.ts';
import { runMain } from '../../src/main-process.ts';
import type { SpeechFault } from './plan-faults.ts';

export interface SpeechSettings {
  port: number;
  /** One line for every answered call: the SHA-256 of its audio. */
  paidLog: string;
}

export type SpeechMessage = { fault: Pick<SpeechFault, 'trouble' | 'count'> };

/** Longer than any client waits. */
const HANG_MS = 600_000;

const TROUBLES: Record<SpeechFault['trouble'], Omit<Fault, 'count'>> = {
  unavailable: { code: status.UNAVAILABLE, details: 'The service is unavailable.' },
  exhausted: { code: status.RESOURCE_EXHAUSTED, details: 'Quota exceeded.' },
  deadline: { code: status.DEADLINE_EXCEEDED, details: 'Deadline exceeded.', delayMs: 500 },
  hang: { code: status.INTERNAL, details: 'It never answers.', delayMs: HANG_MS },
};

await runMain(async (stopped) => {
  const { port, paidLog } = JSON.parse(process.argv[2] ?? '') as SpeechSettings;
  const server = await startSpeechServer({
    port,
    threads: 1,
    onAnswered: (audio) => {
      appendFileSync(paidLog, `${createHash('sha256').update(audio).digest('hex')}\n`);
    },
  });
  process.on('message', ({ fault }: SpeechMessage) => {
    server.injectFault({ ...TROUBLES[fault.trouble], count: fault.count });
  });
  process.send?.('ready');
  await new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve()));
  await server.close();
});
