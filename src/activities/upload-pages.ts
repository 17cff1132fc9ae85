/** Pages of what reconciliation looks at: objects first, then what they have replaced. */
import type { ReconcilePageInput } from '../contract/reconciliation.ts';
import type { ListedObject, OlderVersion, Reconciliation } from './ports.ts';

/** An older version says which version it is; of an object S3 has to be asked. */
export type ListedUpload = ListedObject | OlderVersion;

export interface UploadPage {
  uploads: ListedUpload[];
  nextCursor: string | null;
}

/** Before the cursor of a page of older versions; a listing's own cursors are S3's. */
const OLDER_VERSIONS = 'older versions ';

/** Older versions follow where versions are compared at all, and as far back as they are. */
export function createUploadPages({
  filter: { bucket, prefix },
  listing,
  olderVersions,
}: Pick<Reconciliation, 'filter' | 'listing' | 'olderVersions'>) {
  return async function listPage(
    { cursor, window: { exactSinceMs } }: ReconcilePageInput,
    signal: AbortSignal,
  ): Promise<UploadPage> {
    if (cursor?.startsWith(OLDER_VERSIONS) !== true) {
      const { objects, nextCursor } = await listing.page({ bucket, prefix, cursor }, signal);
      const isLast = nextCursor === null && exactSinceMs !== null;
      return { uploads: objects, nextCursor: isLast ? OLDER_VERSIONS : nextCursor };
    }
    const from = cursor.slice(OLDER_VERSIONS.length) || null;
    const page = await olderVersions.page({ bucket, prefix, cursor: from }, signal);
    return {
      uploads: page.versions.filter(({ modifiedAtMs }) => modifiedAtMs >= (exactSinceMs ?? 0)),
      nextCursor: page.nextCursor === null ? null : OLDER_VERSIONS + page.nextCursor,
    };
  };
}
