/** The speech service as a process: it fails when told to, and notes its failures and its bill. */
import { createHash } from 'node:crypto';
import { startSpeechServer } from '../../src/local/speech-server.ts';
import { runMain } from '../../src/main-process.ts';
import { openSpeechLog } from './speech-log.ts';
import { createTroubles, type SpeechTrouble } from './speech-troubles.ts';

export interface SpeechSettings {
  port: number;
  speechLog: string;
}

/** Null: an end of all troubles. */
export interface SpeechMessage {
  trouble: SpeechTrouble | null;
}

await runMain(async (stopped) => {
  const { port, speechLog } = JSON.parse(process.argv[2] ?? '') as SpeechSettings;
  const note = openSpeechLog(speechLog);
  const server = await startSpeechServer({
    port,
    threads: 1,
    onAnswered: (audio, fromMs) => {
      const content = createHash('sha256').update(audio).digest('hex');
      note({ paid: { content, fromMs, toMs: Date.now() } });
    },
  });
  const troubles = createTroubles(
    (fault) => server.injectFault(fault),
    (trouble) => note({ struck: trouble }),
  );
  process.on('message', ({ trouble }: SpeechMessage) => {
    if (trouble === null) troubles.end();
    else troubles.add(trouble);
  });
  process.send?.('ready');
  await new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve()));
  await server.close();
});
