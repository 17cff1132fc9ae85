/** Worker thread of the local speech server: one recogniser for the thread's life. */
import { createLexicon } from '../adapters/lexicon.ts';
import { createOfflineRecogniser } from '../adapters/soundswallower.ts';
import type { Transcript } from '../scoring/analyses.ts';
import { SentenceError } from '../scoring/sentence-error.ts';

export interface SpeechTask {
  /** 16 kHz mono, -1 to 1. */
  samples: Float32Array;
  sentence: string;
}

/** Errors lose their class between threads: a bad sentence travels as a value. */
export type SpeechAnswer =
  { kind: 'heard'; transcript: Transcript } | { kind: 'bad-sentence'; message: string };

const recogniser = await createOfflineRecogniser(createLexicon());

export default function recogniseSpeech({ samples, sentence }: SpeechTask): SpeechAnswer {
  try {
    return { kind: 'heard', transcript: recogniser.recognise(samples, sentence) };
  } catch (error) {
    if (error instanceof SentenceError) return { kind: 'bad-sentence', message: error.message };
    throw error;
  }
}
