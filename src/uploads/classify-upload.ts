/** Decides whether an announced upload is scored; whatever is not gets a reason. */
import type { ScorePronunciationInput } from '../contract.ts';
import { parseUploadKey, type KeyGrammar, type ParsedUploadKey } from './key-grammar.ts';
import type { UploadEvent } from './s3-event.ts';
import { scoringIdOf } from './scoring-id.ts';

export interface UploadFilter extends KeyGrammar {
  bucket: string;
  prefix: string;
  /** Empty: whatever the suffix. */
  suffixes: readonly string[];
}

export type IgnoredReason =
  'OTHER_BUCKET' | 'OTHER_PREFIX' | 'OTHER_SUFFIX' | 'FOLDER' | 'KEY_MALFORMED';

export interface IgnoredUpload {
  kind: 'ignored';
  reason: IgnoredReason;
  detail: string;
}

export type ClassifiedUpload = { kind: 'score'; input: ScorePronunciationInput } | IgnoredUpload;

/** The upload must carry its version or its etag: the id is made of it. */
export function classifyUpload(upload: UploadEvent, filter: UploadFilter): ClassifiedUpload {
  const parsed = lessonOf(upload, filter);
  if (parsed.kind === 'ignored') return parsed;
  const { bucket, key, versionId, etag, sequencer, eventAtMs } = upload;
  const object = {
    ...{ bucket, key, versionId, etag, sequencer },
    ...(eventAtMs === undefined ? {} : { eventAtMs }),
  };
  return {
    kind: 'score',
    input: {
      scoringId: scoringIdOf(object),
      upload: object,
      userId: parsed.userId,
      lesson: parsed.lesson,
    },
  };
}

/** Whether it is scored at all, by bucket and key alone, and for which learner and lesson line. */
export function lessonOf(
  upload: Pick<UploadEvent, 'bucket' | 'key'>,
  filter: UploadFilter,
): ({ kind: 'score' } & ParsedUploadKey) | IgnoredUpload {
  if (upload.bucket !== filter.bucket) return ignored('OTHER_BUCKET', 'not the user bucket');
  if (upload.key.endsWith('/')) return ignored('FOLDER', 'a folder marker');
  if (!upload.key.startsWith(filter.prefix)) return ignored('OTHER_PREFIX', 'outside the prefix');
  const { suffixes } = filter;
  if (suffixes.length > 0 && !suffixes.some((suffix) => upload.key.endsWith(suffix))) {
    return ignored('OTHER_SUFFIX', 'another kind of file');
  }
  const parsed = parseUploadKey(upload.key, filter);
  if ('problem' in parsed) return ignored('KEY_MALFORMED', parsed.problem);
  return { kind: 'score', ...parsed };
}

function ignored(reason: IgnoredReason, detail: string): IgnoredUpload {
  return { kind: 'ignored', reason, detail };
}
