/** Which upload an event in the queue is about. */
import type { S3EventMessage } from '../../src/local/s3-events.ts';
import { uploadIdOf } from './upload-id.ts';

export interface NamedEvent {
  id: string;
  /** By content: version ids differ from run to run. */
  content: string;
  sequencer: string;
}

interface CreationRecord {
  s3: {
    bucket: { name: string };
    object: { key: string; eTag: string; versionId?: string; sequencer: string };
  };
}

/** Null where it announces no upload: S3 sends a test event first. */
export function namedEvent(message: S3EventMessage): NamedEvent | null {
  const [record] = (message['Records'] ?? []) as CreationRecord[];
  if (record === undefined) return null;
  const { bucket, object } = record.s3;
  const content = {
    bucket: bucket.name,
    key: decodeURIComponent(object.key.replaceAll('+', ' ')),
    etag: object.eTag,
  };
  return {
    id: uploadIdOf({ ...content, versionId: object.versionId ?? null }),
    content: uploadIdOf({ ...content, versionId: null }),
    sequencer: object.sequencer,
  };
}
