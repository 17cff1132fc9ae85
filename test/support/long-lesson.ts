/** A lesson line of nearly a minute: several lines of the example lessons, one after another. */
import { readFileSync } from 'node:fs';
import { decodeSpeech } from '../../src/audio/decode-speech.ts';
import { encodeWav } from '../../src/audio/encode-wav.ts';
import { lessonPairs } from './recordings.ts';

const RATE_HZ = 16_000;
const LONGEST_S = 58;

export interface LongLesson {
  sentence: string;
  learner: Uint8Array;
  standard: Uint8Array;
}

export function longLesson(): LongLesson {
  const sentences: string[] = [];
  const learner: Float32Array[] = [];
  const standard: Float32Array[] = [];
  let longestSamples = 0;
  for (const pair of lessonPairs()) {
    const l = samplesOf(pair.learner);
    if (longestSamples + l.length > LONGEST_S * RATE_HZ) break;
    longestSamples += l.length;
    sentences.push(pair.sentence);
    learner.push(l);
    standard.push(samplesOf(pair.standard));
  }
  return {
    sentence: sentences.join(' '),
    learner: encodeWav(joined(learner), RATE_HZ),
    standard: encodeWav(joined(standard), RATE_HZ),
  };
}

function samplesOf(file: string): Float32Array {
  return decodeSpeech(readFileSync(file), { maxSeconds: 60 });
}

function joined(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
