/** The scorings of other versions of the same object, and how they stand to one of them. */
import type { FinalStatus, ObjectRef } from '../contract.ts';
import { compareVersions, type VersionOrder } from '../contract/compare-versions.ts';
import type { Database } from './postgres.ts';

export interface SiblingScoring extends VersionOrder {
  id: string;
  status: FinalStatus;
  applicationRowId: string | null;
}

export async function siblingScorings(
  query: Database['query'],
  scoringId: string,
  { bucket, key }: ObjectRef,
): Promise<SiblingScoring[]> {
  const rows = await query<{
    id: string;
    status: FinalStatus;
    application_row_id: string | null;
    sequencer: string | null;
    object_modified_at: Date | null;
  }>(
    `select id, status, application_row_id, sequencer, object_modified_at from elocute.scoring
     where bucket = $1 and object_key = $2 and id <> $3`,
    [bucket, key, scoringId],
  );
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    applicationRowId: row.application_row_id,
    sequencer: row.sequencer,
    objectModifiedAtMs: row.object_modified_at?.getTime() ?? null,
  }));
}

/** Its outcome is what the application shows of that version. */
export function stands({ status, applicationRowId }: SiblingScoring): boolean {
  return status !== 'superseded' && applicationRowId !== null;
}

export function isNewer(sibling: SiblingScoring, than: VersionOrder): boolean {
  return (compareVersions(sibling, than) ?? 0) > 0;
}

/** Where no order is known, one that was replaced or deleted passes for the older. */
export function isOlder(sibling: SiblingScoring, than: VersionOrder): boolean {
  const order = compareVersions(sibling, than);
  return order === null ? sibling.status === 'superseded' : order < 0;
}
