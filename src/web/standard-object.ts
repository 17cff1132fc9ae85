import type { LessonLine, ObjectRef } from '../contract.ts';
import type { WebSettings } from './web-ports.ts';

/** Where the standard recording of a line lies, as it is now. */
export function standardObject(
  lesson: LessonLine,
  settings: Pick<WebSettings, 'standardBucket' | 'standardKeyRoot'>,
): ObjectRef {
  const { contentType, level, title, line } = lesson;
  const folder = `${settings.standardKeyRoot}/${contentType}/level_${level}/${title}`;
  const bucket = settings.standardBucket;
  return { bucket, key: `${folder}/audio_line_${line}.wav`, versionId: null, etag: null };
}
