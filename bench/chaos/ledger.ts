/** What the uploader knows for sure: what it sent, and what S3 has acknowledged; kept on disk. */
import { appendFileSync } from 'node:fs';
import type { UploadKindName } from './upload-kinds.ts';

/** Written before the upload is sent: S3 may have it even where no answer came. */
export interface Intent {
  key: string;
  /** MD5 of the content, which is the ETag. */
  etag: string;
  /** Of the content, hex. */
  sha256: string;
  kind: UploadKindName;
}

export interface Acknowledged extends Intent {
  versionId: string | null;
  /** Clock of the harness. */
  atMs: number;
}

export interface Ledger {
  intents: Intent[];
  acknowledged: Acknowledged[];
  /** Keys whose deletion was acknowledged. */
  deleted: Set<string>;
  intend(intent: Intent): void;
  acknowledge(upload: Acknowledged): void;
  delete(key: string): void;
}

export function openLedger(file: string): Ledger {
  const note = (line: object) => appendFileSync(file, `${JSON.stringify(line)}\n`);
  const intents: Intent[] = [];
  const acknowledged: Acknowledged[] = [];
  const deleted = new Set<string>();
  return {
    intents,
    acknowledged,
    deleted,
    intend(intent) {
      note({ intended: intent });
      intents.push(intent);
    },
    acknowledge(upload) {
      note({ acknowledged: upload });
      acknowledged.push(upload);
    },
    delete(key) {
      note({ deleted: key });
      deleted.add(key);
    },
  };
}
