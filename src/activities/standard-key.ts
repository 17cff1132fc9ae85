/** Where the standard recording of a lesson line and its sentence lie. */
import type { LessonLine } from '../contract.ts';

/** `{root}/{contentType}/level_{n}/{Title With Spaces}/audio_line_{n}.wav` */
export function standardKeyOf(lesson: LessonLine, root: string): string {
  return `${root}/${lesson.contentType}/level_${lesson.level}/${lesson.title}/audio_line_${lesson.line}.wav`;
}

/** The sentence lies beside the recording, as UTF-8 text. */
export function sentenceKeyOf(standardKey: string): string {
  return standardKey.replace(/\.wav$/, '.txt');
}
