/**
 * Which row of the application's table belongs to which version of a recording. The application makes
 * a row per upload, or one per recording, or none, and never says for which version a row waits. The
 * rows of one recording follow its versions: the newer version has the row with the higher id.
 */
import type { VersionOrder } from '../contract/compare-versions.ts';
import { compareVersions } from '../contract/compare-versions.ts';
import {
  closeApplicationRow,
  moveOutcome,
  newestWaitingRow,
  oldestWaitingRowBefore,
  writeApplicationRow,
  type ApplicationRow,
} from './application-row.ts';
import type { Database } from './postgres.ts';
import { isOlder, type SiblingScoring } from './sibling-scorings.ts';

export interface Place {
  audioFile: string;
  /** The row that this scoring has written before. */
  knownId: string | null;
  version: VersionOrder;
  siblings: readonly SiblingScoring[];
}

/** What the learner reads in the row of a recording that does not count. */
export interface SupersededTexts {
  replaced: string;
  /** Null where it was not deleted. */
  deleted: string | null;
}

/** Writes an outcome that counts; returns the id of its row. */
export async function placeOutcome(
  query: Database['query'],
  row: ApplicationRow,
  place: Place,
  replacedText: string,
): Promise<string> {
  const target = place.knownId ?? (await newestWaitingRow(query, place.audioFile));
  const room = target === null ? null : await makeRoom(query, target, place);
  const id = await writeApplicationRow(query, row, room);
  await closeForOlder(query, id, place, replacedText);
  return id;
}

/**
 * An outcome that no longer counts ends a row that waits for it, and never adds one. A row that waits
 * below the row of a newer version waits for an older one.
 */
export async function placeSuperseded(
  query: Database['query'],
  place: Place,
  texts: SupersededTexts,
): Promise<string | null> {
  const { audioFile, version, siblings, knownId } = place;
  // One that was replaced is older than something: than whatever it is in no known order with.
  const unknown = texts.deleted === null ? 1 : -1;
  const newest = highestRow(
    siblings.filter((one) => (compareVersions(one, version) ?? unknown) > 0),
  );
  const feedback = newest === null ? (texts.deleted ?? texts.replaced) : texts.replaced;
  if (knownId !== null) return closeApplicationRow(query, knownId, feedback);
  if (newest !== null) {
    const waiting = await oldestWaitingRowBefore(query, audioFile, newest);
    return waiting === null ? null : takeAndClose(query, waiting, feedback);
  }
  // A recording that was replaced leaves the row to the newer one, which ends this one's with its own.
  if (texts.deleted === null) return null;
  const waiting = await newestWaitingRow(query, audioFile);
  if (waiting === null) return null;
  const id = await makeRoom(query, waiting, place);
  await closeForOlder(query, id, place, texts.replaced);
  return closeApplicationRow(query, id, feedback);
}

/**
 * Older versions that took rows above this one, because they ended while two rows waited, move down
 * by one; what becomes free is the row of this version.
 */
async function makeRoom(
  query: Database['query'],
  target: string,
  { version, siblings }: Place,
): Promise<string> {
  await release(query, target);
  const above = withNumber(siblings.filter((one) => isOlder(one, version)))
    .filter(({ rowId }) => isNumber(target) && BigInt(rowId) > BigInt(target))
    .sort((a, b) => (BigInt(a.rowId) < BigInt(b.rowId) ? -1 : 1));
  let free = target;
  for (const { scoring, rowId } of above) {
    if (!(await moveOutcome(query, rowId, free))) continue;
    await query('update elocute.scoring set application_row_id = $2 where id = $1', [
      scoring.id,
      free,
    ]);
    free = rowId;
  }
  return free;
}

/** Older versions that ended without a row: the rows that still wait below this one are theirs. */
async function closeForOlder(
  query: Database['query'],
  id: string,
  { audioFile, version, siblings }: Place,
  replacedText: string,
): Promise<void> {
  if (!isNumber(id)) return;
  const older = siblings
    .filter((one) => one.status === 'superseded' && one.applicationRowId === null)
    .filter((one) => isOlder(one, version))
    .sort((a, b) => compareVersions(a, b) ?? 0);
  for (const scoring of older) {
    const waiting = await oldestWaitingRowBefore(query, audioFile, id);
    if (waiting === null) return;
    await takeAndClose(query, waiting, replacedText);
    await query('update elocute.scoring set application_row_id = $2 where id = $1', [
      scoring.id,
      waiting,
    ]);
  }
}

async function takeAndClose(query: Database['query'], id: string, feedback: string) {
  await release(query, id);
  return closeApplicationRow(query, id, feedback);
}

/** The application set the row of an earlier outcome back to waiting: it is no longer that one's. */
async function release(query: Database['query'], id: string): Promise<void> {
  await query(
    'update elocute.scoring set application_row_id = null where application_row_id = $1',
    [id],
  );
}

function highestRow(siblings: readonly SiblingScoring[]): string | null {
  const ids = withNumber(siblings).map(({ rowId }) => BigInt(rowId));
  return ids.length === 0 ? null : String(ids.reduce((a, b) => (a > b ? a : b)));
}

/** Ids that are no numbers (UUIDs) do not grow, and say nothing about order. */
function withNumber(siblings: readonly SiblingScoring[]) {
  return siblings.flatMap((scoring) =>
    isNumber(scoring.applicationRowId) ? [{ scoring, rowId: scoring.applicationRowId }] : [],
  );
}

function isNumber(id: string | null): id is string {
  return id !== null && /^\d+$/.test(id);
}
