/**
 * Keeps speech calls at the rate that the service takes. The Temporal server holds back the tasks of
 * the speech queue, for all workers, so that what waits stays in the queue and in its order. Where a
 * cluster cannot be told a rate, the workers take turns by a row in PostgreSQL instead.
 */
import type { SpeechRecogniser } from '../activities/ports.ts';
import { ElocuteError } from '../failures.ts';
import type { SharedRate } from './postgres-speech-rate.ts';

/** Tells the server the rate of the queue; false where it does not know how. */
export type ApplyRate = (perSecond: number) => Promise<boolean>;

export interface SpeechThrottle {
  recogniser: SpeechRecogniser;
  /** Tells the server; from then on also what changes, and raises the rate while nothing is refused. */
  start(apply: ApplyRate): Promise<void>;
  close(): void;
}

export function createSpeechThrottle(
  speech: SpeechRecogniser,
  rate: SharedRate,
  { windowMs, onTrouble }: { windowMs: number; onTrouble: (error: unknown) => void },
): SpeechThrottle {
  let apply: ApplyRate | undefined;
  let serverHoldsBack = true;
  let timer: NodeJS.Timeout | undefined;

  /** Never fails: calls at an outdated rate are better than none. */
  async function tell(event: 'refused' | 'calm'): Promise<void> {
    try {
      const perSecond = await rate.tell(event);
      if (apply !== undefined) serverHoldsBack = await apply(perSecond);
    } catch (error) {
      onTrouble(error);
    }
  }

  return {
    recogniser: {
      version: speech.version,
      usesSentence: speech.usesSentence,
      async recognise(request, signal) {
        if (!serverHoldsBack) await rate.turn(signal);
        try {
          return await speech.recognise(request, signal);
        } catch (error) {
          if (error instanceof ElocuteError && error.code === 'SPEECH_QUOTA') await tell('refused');
          throw error;
        }
      },
    },
    async start(given) {
      apply = given;
      timer = setInterval(() => void tell('calm'), windowMs);
      timer.unref();
      await tell('calm');
    },
    close: () => clearInterval(timer),
  };
}
