/** Counts calls to the speech service, what they cost, and how they end. */
import type { SpeechRecogniser } from '../activities/ports.ts';
import { ElocuteError } from '../failures.ts';
import type { Meter } from './meter.ts';

/** The port's WAV is 16 kHz mono 16-bit behind a header of 44 bytes. */
const BYTES_PER_SECOND = 32_000;
const HEADER_BYTES = 44;
/** Google's v1 list price counts every started 15 seconds of a request. */
const BILLED_STEP_S = 15;

export function observedSpeech(
  speech: SpeechRecogniser,
  meter: Meter,
  costPerMinute: number,
): SpeechRecogniser {
  return {
    version: speech.version,
    usesSentence: speech.usesSentence,
    async recognise(request, signal) {
      const startedMs = performance.now();
      let outcome = 'ok';
      try {
        const transcript = await speech.recognise(request, signal);
        const billedS = billedSecondsOf(request.wav.byteLength);
        meter.count('elocute_speech_billed_seconds_total', {}, billedS);
        meter.count('elocute_speech_cost_total', {}, (billedS / 60) * costPerMinute);
        return transcript;
      } catch (error) {
        outcome = outcomeOf(error, signal);
        throw error;
      } finally {
        meter.count('elocute_speech_calls_total', { outcome });
        meter.record('elocute_speech_call_seconds', {}, (performance.now() - startedMs) / 1000);
      }
    },
  };
}

export function billedSecondsOf(wavBytes: number): number {
  const seconds = Math.max(0, wavBytes - HEADER_BYTES) / BYTES_PER_SECOND;
  return Math.ceil(seconds / BILLED_STEP_S) * BILLED_STEP_S;
}

function outcomeOf(error: unknown, signal: AbortSignal | undefined): string {
  if (signal?.aborted === true) return 'CANCELLED';
  return error instanceof ElocuteError ? error.code : 'INTERNAL';
}
