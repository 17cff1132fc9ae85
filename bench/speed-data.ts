import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeSpeech } from '../src/audio/decode-speech.ts';
import { encodeWav } from '../src/audio/encode-wav.ts';
import { resample } from '../src/audio/resample.ts';
import { speechRateHz } from '../src/audio/speech-rate.ts';
import { SpeechTableError, spread } from './speech-table.ts';

export interface SpeedRecording {
  sentence: string;
  /** Mono, 16 kHz. */
  samples: Float32Array;
  /** The same as a WAV file at 44.1 kHz, as browsers record. */
  wav: Uint8Array;
}

export const recordedHz = 44_100;
const lessons = fileURLToPath(new URL('../examples/lessons/', import.meta.url));

/**
 * `count` recordings, spread over the lesson files, or over the WAV files of a folder that have
 * their sentence beside them as a text file. Throws a SpeechTableError where there are none.
 */
export function speedRecordings(folder: string | undefined, count: number): SpeedRecording[] {
  const all = folder === undefined ? lessonFiles() : filesOf(folder);
  if (all.length === 0) {
    throw new SpeechTableError(`${folder ?? lessons} has no .wav file with a .txt file beside it.`);
  }
  return spread(all, count).map(({ path, sentence }) => {
    const samples = decodeSpeech(readFileSync(path), { maxSeconds: 60 });
    const wav = encodeWav(resample(samples, speechRateHz, recordedHz), recordedHz);
    return { sentence, samples, wav };
  });
}

interface SpokenFile {
  path: string;
  sentence: string;
}

function lessonFiles(): SpokenFile[] {
  const [header = '', ...rows] = readFileSync(join(lessons, 'expert-scores.tsv'), 'utf8')
    .trim()
    .split('\n');
  const columns = header.split('\t');
  return rows.flatMap((row) => {
    const cells = row.split('\t');
    const cell = (name: string) => cells[columns.indexOf(name)] ?? '';
    return ['learner_wav', 'standard_wav'].map((name) => ({
      path: join(lessons, cell(name)),
      sentence: cell('text'),
    }));
  });
}

function filesOf(folder: string): SpokenFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .map((name) => ({ path: join(folder, name), text: join(folder, name.replace(/wav$/, 'txt')) }))
    .filter(({ text }) => existsSync(text))
    .map(({ path, text }) => ({ path, sentence: readFileSync(text, 'utf8').trim() }));
}
