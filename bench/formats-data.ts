/** Learner recordings of the lessons, one behind the other. */
import { readFileSync } from 'node:fs';
import { decodeSpeech } from '../src/audio/decode-speech.ts';
import { lessonPairs } from '../test/support/recordings.ts';

/** Mono at 16 kHz, exactly so long. */
export function speechRecordings(seconds: number): Float32Array {
  const speech = new Float32Array(seconds * 16_000);
  let at = 0;
  for (const { learner } of lessonPairs()) {
    const samples = decodeSpeech(readFileSync(learner), { maxSeconds: 60 });
    const fitting = samples.subarray(0, speech.length - at);
    speech.set(fitting, at);
    at += fitting.length;
    if (at === speech.length) return speech;
  }
  throw new Error(`the lessons hold less than ${seconds} s`);
}
