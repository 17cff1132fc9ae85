/** Reconciliation across processes: what lies in the user bucket, compared with what is scored. */

export const RECONCILE_UPLOADS = 'reconcileUploads';

export interface ReconcileUploadsInput {
  /** How far back from the start of the run uploads are looked at; null: all of them. */
  lookBackMs: number | null;
  /** Uploads from before this are another system's, and never looked at; absent: none is. */
  notBeforeMs?: number;
  /** Younger uploads are left to their event, which is probably on its way; 0: none is. */
  graceMs: number;
  /** The same for replaced versions, which are not scored any more once found; default: `graceMs`. */
  olderGraceMs?: number;
  /** Counts what would be started and starts nothing. */
  dryRun: boolean;
  /**
   * How far back S3 is asked for the version of each upload also where a later row has its content:
   * two uploads of the same bytes are told apart. Null: nowhere.
   */
  exactLookBackMs: number | null;
  /** At most so many scorings are started, the rest is left to the next run; null: no limit. */
  maxStarts: number | null;
  /** Pause between two pages; default: none. */
  pageDelayMs?: number;
  /** Pages before the workflow continues as new; there is a default. */
  pagesPerRun?: number;
  /** Only where a reconciliation goes on in a new run. */
  resume?: ReconcileProgress;
}

/** Uploads last modified from `sinceMs` until before `untilMs`; null: no such end. */
export interface ReconcileWindow {
  sinceMs: number | null;
  untilMs: number | null;
  /** The same for replaced versions; absent: `untilMs`. */
  olderUntilMs?: number;
  /** From here on versions are compared, before it contents; null: contents everywhere. */
  exactSinceMs: number | null;
}

/** Where every listed upload went: `listed` is the sum of all other counts. */
export interface ReconcileTotals {
  listed: number;
  /** Not uploads to be scored, by the starter's reasons. */
  ignored: Record<string, number>;
  older: number;
  young: number;
  /** There is a row, whatever its status: it is final. */
  scored: number;
  running: number;
  /** In a dry run: what would be started. */
  started: number;
  /** Left to the next run by `maxStarts`. */
  left: number;
  /** Replaced or deleted after it was listed; a newer upload has its own scoring. */
  changed: number;
  /** Scored once, but its row is gone: not scored again. */
  rowGone: number;
  /** S3 lists it and refuses to describe it; absent in totals of a worker that did not count it. */
  unreadable?: number;
  /** Temporal refused the start for good. */
  failedToStart: number;
  /** What was started, by lesson: never by key, which names people. */
  byLesson: Record<string, number>;
}

export interface ReconcileProgress {
  window: ReconcileWindow;
  /** Where the listing goes on; null where it has ended. */
  cursor: string | null;
  pages: number;
  totals: ReconcileTotals;
}

export interface ReconcileUploadsResult {
  window: ReconcileWindow;
  dryRun: boolean;
  pages: number;
  totals: ReconcileTotals;
  /** False where `maxStarts` ended it early. */
  complete: boolean;
}

export interface ReconcilePageInput {
  cursor: string | null;
  window: ReconcileWindow;
  dryRun: boolean;
  maxStarts: number | null;
}

export interface ReconciledPage {
  /** Null after the last page. */
  nextCursor: string | null;
  totals: ReconcileTotals;
}

export function emptyTotals(): ReconcileTotals {
  return {
    listed: 0,
    ignored: {},
    older: 0,
    young: 0,
    scored: 0,
    running: 0,
    started: 0,
    left: 0,
    changed: 0,
    rowGone: 0,
    unreadable: 0,
    failedToStart: 0,
    byLesson: {},
  };
}

/** The title of a reconciliation in the Web UI. */
export function reconcileSummaryOf({ lookBackMs, dryRun }: ReconcileUploadsInput): string {
  const hours = lookBackMs === null ? null : Math.round(lookBackMs / 360_000) / 10;
  const what = hours === null ? 'all uploads' : `uploads of ${hours} h`;
  return dryRun ? `${what} · dry run` : what;
}
