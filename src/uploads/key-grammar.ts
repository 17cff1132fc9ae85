/** The grammar of object keys: which learner read which lesson line. */
import type { LessonLine } from '../contract.ts';

export interface KeyGrammar {
  /** First segment of every key. */
  root: string;
  contentTypes: readonly string[];
}

export interface ParsedUploadKey {
  userId: string;
  lesson: LessonLine;
}

export type KeyProblem = { problem: string };

const MAX_KEY_BYTES = 1024;
const LEVEL = /^level_(\d{1,4})$/;
/** What a recording's name may end with. What it holds, its bytes say. */
export const RECORDING_EXTENSIONS = ['wav', 'flac', 'mp3', 'ogg', 'opus', 'webm', 'm4a'] as const;

export type RecordingExtension = (typeof RECORDING_EXTENSIONS)[number];

const LINE = new RegExp(`^audio_line_(\\d{1,5})\\.(?:${RECORDING_EXTENSIONS.join('|')})$`);
/** Control characters would garble logs and the Web UI; no application writes them into a title. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * Parses `{root}/{userId}/{contentType}/level_{n}/{Title_With_Underscores}/audio_line_{n}.wav`,
 * or another of `RECORDING_EXTENSIONS`. Never throws: returns `{problem}`, which names the offending part but never quotes the key.
 */
export function parseUploadKey(key: string, grammar: KeyGrammar): ParsedUploadKey | KeyProblem {
  if (new TextEncoder().encode(key).length > MAX_KEY_BYTES) {
    return { problem: `the key is longer than ${MAX_KEY_BYTES} bytes` };
  }
  if (CONTROL.test(key)) return { problem: 'the key holds control characters' };
  const segments = key.split('/');
  if (segments.length !== 6) {
    return { problem: `the key has ${segments.length} segments, expected 6` };
  }
  const [root, userId, contentType, level, title, file] = segments as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (root !== grammar.root) return { problem: `the first segment is not "${grammar.root}"` };
  if (userId === '') return { problem: 'the user id is empty' };
  if (!grammar.contentTypes.includes(contentType)) {
    return { problem: `the content type is not one of ${grammar.contentTypes.join(', ')}` };
  }
  const levelMatch = LEVEL.exec(level)?.[1];
  if (levelMatch === undefined) return { problem: 'the level is not written as level_1' };
  const spoken = title.replaceAll('_', ' ').trim();
  if (spoken === '') return { problem: 'the title is empty' };
  const lineMatch = LINE.exec(file)?.[1];
  if (lineMatch === undefined) {
    return {
      problem: `the file is not named as audio_line_1.wav (or ${RECORDING_EXTENSIONS.slice(1).join(', ')})`,
    };
  }
  return {
    userId,
    lesson: {
      contentType,
      level: Number(levelMatch),
      title: title.replaceAll('_', ' '),
      line: Number(lineMatch),
    },
  };
}

/** By the name alone, for the key of a new upload; `wav` for a name with any other ending. */
export function recordingExtensionOf(name: string): RecordingExtension {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return RECORDING_EXTENSIONS.find((extension) => extension === ending) ?? 'wav';
}

/** Key of the learner's recording in the user bucket. */
export function uploadKeyOf(
  userId: string,
  lesson: LessonLine,
  root: string,
  extension: RecordingExtension = 'wav',
): string {
  const title = lesson.title.replaceAll(' ', '_');
  return `${root}/${userId}/${lesson.contentType}/level_${lesson.level}/${title}/audio_line_${lesson.line}.${extension}`;
}
