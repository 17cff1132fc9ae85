/** One lesson recording in every format that is decoded (scripts/make-formats.sh). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFfmpeg } from '../../src/adapters/find-ffmpeg.ts';
import { LESSONS, lessonPairs, type LessonPair } from './recordings.ts';

export const FORMAT_FILES = [
  'flac.flac',
  'mp3.mp3',
  'opus.ogg',
  'vorbis.ogg',
  'opus.webm',
  'opus-live.webm',
  'aac.m4a',
  'aac-stereo.m4a',
  'aac-fragments.m4a',
] as const;

const ORIGINAL = 'user-audio-file/482/conversation/level_1/At_the_Toy_Store/audio_line_1.wav';

export function formatFile(
  name: (typeof FORMAT_FILES)[number] | 'damaged-endless.webm',
): Uint8Array {
  return readFileSync(new URL(`../fixtures/formats/${name}`, import.meta.url));
}

/** The lesson line that they were made from. */
export function formatsLesson(): LessonPair {
  const pair = lessonPairs().find(({ learner }) => learner.endsWith(ORIGINAL));
  if (pair === undefined) throw new Error(`no lesson line with ${ORIGINAL} in ${LESSONS}`);
  return pair;
}

export function originalWav(): Uint8Array {
  return readFileSync(join(formatsLesson().learner));
}

/** The set-up installs one; a test of M4A without one is a test that says nothing. */
export async function ffmpegPath(): Promise<string> {
  const ffmpeg = await findFfmpeg(undefined);
  if (ffmpeg === null) throw new Error('ffmpeg is missing: npm run test:setup, or install it');
  return ffmpeg.path;
}
