/**
 * One page of the user bucket, compared with the database: whatever should be scored and is neither
 * scored nor running is started. Where versions are compared, pages of older versions follow those of
 * the objects. Repeating it changes nothing, since every start is idempotent.
 */
import { lessonAttribute, type LessonLine, type ScorePronunciationInput } from '../contract.ts';
import {
  emptyTotals,
  type ReconciledPage,
  type ReconcilePageInput,
  type ReconcileTotals,
} from '../contract/reconciliation.ts';
import { ElocuteError } from '../failures.ts';
import { classifyUpload, lessonOf, type UploadFilter } from '../uploads/classify-upload.ts';
import { scoringIdOf } from '../uploads/scoring-id.ts';
import { boundedAll } from './bounded-all.ts';
import { createUploadPages, type ListedUpload } from './upload-pages.ts';
import type {
  ActivityDependencies,
  ListedObject,
  ObjectStore,
  OlderVersion,
  ScoredUpload,
} from './ports.ts';

type Dependencies = Pick<ActivityDependencies, 'reconciliation'> & {
  objects: Pick<ObjectStore, 'describe'>;
};

/** Starts at once in a page: more would only push the queue of a Temporal that is slow already. */
const STARTS_AT_ONCE = 8;
const LESSON_CHARACTERS = 80;

/** An upload as the listing knows it: which version it is, is still unknown, unless it is an older one. */
interface Candidate {
  listed: ListedUpload;
  lesson: LessonLine;
  /** The id that its content gives; null where the store lists no etags: S3 is asked then. */
  idByContent: string | null;
}

type Outcome = Exclude<keyof ReconcileTotals, 'listed' | 'ignored' | 'byLesson'>;

export function createReconcilePage({ objects, reconciliation }: Dependencies) {
  const { filter, rows, starter } = reconciliation;
  const listPage = createUploadPages(reconciliation);

  return async function reconcilePage(
    input: ReconcilePageInput,
    signal: AbortSignal,
  ): Promise<ReconciledPage> {
    const page = await listPage(input, signal);
    const totals = emptyTotals();
    totals.listed = page.uploads.length;
    const candidates = page.uploads.flatMap((listed) => choose(listed, input, filter, totals));
    const found = await rows.find(
      filter.bucket,
      candidates.map(({ listed }) => listed),
    );
    const rowsOf = groupByKey(found);
    const missing: Candidate[] = [];
    for (const candidate of candidates) {
      const own = rowsOf.get(candidate.listed.key) ?? [];
      if (isScored(candidate, own, input.window.exactSinceMs)) totals.scored += 1;
      else missing.push(candidate);
    }
    const most = input.maxStarts ?? Infinity;
    const mayBegin = (inHand: number) => totals.started + inHand < most;
    totals.left = await boundedAll(
      missing,
      { limit: STARTS_AT_ONCE, signal, mayBegin },
      async (candidate) => {
        const outcome = await settle(candidate, rowsOf.get(candidate.listed.key) ?? []);
        totals[outcome] = (totals[outcome] ?? 0) + 1;
        if (outcome === 'started') count(totals.byLesson, nameOf(candidate.lesson));
      },
    );
    return { nextCursor: page.nextCursor, totals };

    /** Finds out which version it is and starts its scoring, unless that stands somewhere. */
    async function settle(
      { listed, idByContent }: Candidate,
      own: ScoredUpload[],
    ): Promise<Outcome> {
      const scoring =
        'versionId' in listed ? overtaken(listed) : await exactScoring(listed, signal);
      if (scoring === 'changed' || scoring === 'unreadable') return scoring;
      const { scoringId } = scoring;
      if (own.some((row) => row.scoringId === scoringId)) return 'scored';
      // The query for the page's rows goes by etags.
      if (idByContent === null && (await rows.has(scoringId))) return 'scored';
      // A store that versions, but whose events brought no version, has made its id of the etag.
      if (idByContent !== null && idByContent !== scoringId) {
        const standing = await standingOf(idByContent);
        if (standing === 'running' || standing === 'scored') return standing;
      }
      if (!input.dryRun) {
        const start = await starter.start(scoring);
        if (start !== 'duplicate') return start === 'started' ? 'started' : 'failedToStart';
      }
      const standing = await standingOf(scoringId);
      if (standing === null) return 'started';
      if (standing !== 'failed') return standing;
      // It ended without a row: terminated, or its failure could not be stored. So it is missing.
      if (input.dryRun) return 'started';
      const again = await starter.restart(scoring);
      return again === 'started' ? 'started' : again === 'duplicate' ? 'running' : 'failedToStart';
    }
  };

  /** A version that was replaced: it ends as such, and is not read. */
  function overtaken(version: OlderVersion): ScorePronunciationInput | 'changed' | 'unreadable' {
    const { key, versionId, etag, sizeBytes } = version;
    if (versionId === null && etag === null) return 'unreadable';
    const upload = { bucket: filter.bucket, key, versionId, etag, sequencer: null, sizeBytes };
    const classified = classifyUpload(upload, filter);
    return classified.kind === 'score' ? { ...classified.input, overtaken: true } : 'changed';
  }

  /** Read after the workflow: whatever has closed has written its row before. */
  async function standingOf(
    scoringId: string,
  ): Promise<'running' | 'scored' | 'rowGone' | 'failed' | null> {
    const standing = await starter.standingOf(scoringId);
    if (standing === null || standing === 'running') return standing;
    if (await rows.has(scoringId)) return 'scored';
    return standing === 'completed' ? 'rowGone' : 'failed';
  }

  /**
   * The listing has no version ids. `changed` where something else, or nothing, lies there by now;
   * `unreadable` where S3 refuses this object, by its grants or its encryption: the others go on.
   */
  async function exactScoring(
    { key, etag }: ListedObject,
    signal: AbortSignal,
  ): Promise<ScorePronunciationInput | 'changed' | 'unreadable'> {
    try {
      const object = { bucket: filter.bucket, key, versionId: null, etag };
      const described = await objects.describe(object, signal);
      if (described === null) return 'changed';
      if (described.object.versionId === null && described.object.etag === null)
        return 'unreadable';
      const upload = { ...described.object, sequencer: null, sizeBytes: described.sizeBytes };
      const classified = classifyUpload(upload, filter);
      return classified.kind === 'score' ? classified.input : 'changed';
    } catch (error) {
      const code = error instanceof ElocuteError ? error.code : undefined;
      if (code === 'UPLOAD_REPLACED') return 'changed';
      if (code === 'STORAGE_DENIED') return 'unreadable';
      throw error;
    }
  }
}

/** Counts what is not to be looked at. */
function choose(
  listed: ListedUpload,
  { window }: ReconcilePageInput,
  filter: UploadFilter,
  totals: ReconcileTotals,
): Candidate[] {
  const { key, etag, modifiedAtMs } = listed;
  const { bucket } = filter;
  const untilMs = 'versionId' in listed ? (window.olderUntilMs ?? window.untilMs) : window.untilMs;
  const classified = lessonOf({ bucket, key }, filter);
  if (classified.kind === 'ignored') count(totals.ignored, classified.reason);
  else if (window.sinceMs !== null && modifiedAtMs < window.sinceMs) totals.older += 1;
  else if (untilMs !== null && modifiedAtMs >= untilMs) totals.young += 1;
  else {
    const idByContent = etag === null ? null : scoringIdOf({ bucket, key, versionId: null, etag });
    return [{ listed, lesson: classified.lesson, idByContent }];
  }
  return [];
}

/**
 * By content: the row's id is made of the etag, or it has that etag and its scoring began after this
 * object was written. An earlier row with equal content belongs to an earlier version.
 */
function isScored(
  { listed, idByContent }: Candidate,
  own: readonly ScoredUpload[],
  exactSinceMs: number | null,
): boolean {
  const byVersion = exactSinceMs !== null && listed.modifiedAtMs >= exactSinceMs;
  return own.some(
    ({ scoringId, startedAtMs, etag }) =>
      scoringId === idByContent ||
      (!byVersion && etag !== null && startedAtMs >= listed.modifiedAtMs),
  );
}

function groupByKey(rows: readonly ScoredUpload[]): Map<string, ScoredUpload[]> {
  const groups = new Map<string, ScoredUpload[]>();
  for (const row of rows) {
    const group = groups.get(row.key);
    if (group === undefined) groups.set(row.key, [row]);
    else group.push(row);
  }
  return groups;
}

function nameOf(lesson: LessonLine): string {
  return lessonAttribute(lesson).slice(0, LESSON_CHARACTERS);
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
