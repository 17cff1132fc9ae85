/** Decides whether an announced upload is scored; whatever is not gets a reason. */
import type { ScorePronunciationInput } from '../contract.ts';
import { parseUploadKey, type KeyGrammar } from './key-grammar.ts';
import type { UploadEvent } from './s3-event.ts';
import { scoringIdOf } from './scoring-id.ts';

export interface UploadFilter extends KeyGrammar {
  bucket: string;
  prefix: string;
  suffix: string;
}

export type IgnoredReason =
  'OTHER_BUCKET' | 'OTHER_PREFIX' | 'OTHER_SUFFIX' | 'FOLDER' | 'KEY_MALFORMED';

export type ClassifiedUpload =
  | { kind: 'score'; input: ScorePronunciationInput }
  | { kind: 'ignored'; reason: IgnoredReason; detail: string };

export function classifyUpload(upload: UploadEvent, filter: UploadFilter): ClassifiedUpload {
  if (upload.bucket !== filter.bucket) return ignored('OTHER_BUCKET', 'not the user bucket');
  if (upload.key.endsWith('/')) return ignored('FOLDER', 'a folder marker');
  if (!upload.key.startsWith(filter.prefix)) return ignored('OTHER_PREFIX', 'outside the prefix');
  if (!upload.key.endsWith(filter.suffix)) return ignored('OTHER_SUFFIX', 'another kind of file');
  const parsed = parseUploadKey(upload.key, filter);
  if ('problem' in parsed) return ignored('KEY_MALFORMED', parsed.problem);
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

function ignored(reason: IgnoredReason, detail: string): ClassifiedUpload {
  return { kind: 'ignored', reason, detail };
}
