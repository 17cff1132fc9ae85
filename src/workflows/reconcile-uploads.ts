/** Compares the user bucket with what is scored, page by page, and starts what is missing. */
import { ApplicationFailure } from '@temporalio/common';
import {
  continueAsNew,
  defineQuery,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { PROGRESS_QUERY } from '../contract.ts';
import {
  emptyTotals,
  type ReconciledPage,
  type ReconcilePageInput,
  type ReconcileProgress,
  type ReconcileUploadsInput,
  type ReconcileUploadsResult,
} from '../contract/reconciliation.ts';
import { reconcileOptions } from './activity-options.ts';
import { describeFailure } from './failure-code.ts';
import { reconcileDetails } from './reconcile-details.ts';
import { addTotals } from './reconcile-totals.ts';
import { activities } from './scoring-activities.ts';

export const reconcileProgressQuery = defineQuery<ReconcileProgress>(PROGRESS_QUERY);

/** About seven events a page: far below what a history may hold. */
const PAGES_PER_RUN = 50;

export async function reconcileUploads(
  input: ReconcileUploadsInput,
): Promise<ReconcileUploadsResult> {
  const { dryRun, maxStarts, pageDelayMs = 0, pagesPerRun = PAGES_PER_RUN } = input;
  let progress = input.resume ?? begin(input);
  const show = () => setCurrentDetails(reconcileDetails(progress, dryRun));
  setHandler(reconcileProgressQuery, () => progress);
  show();
  for (let pagesHere = 1; ; pagesHere += 1) {
    const page = await reconcilePage(progress, {
      cursor: progress.cursor,
      window: progress.window,
      dryRun,
      maxStarts: maxStarts === null ? null : maxStarts - progress.totals.started,
    });
    progress = {
      window: progress.window,
      cursor: page.nextCursor,
      pages: progress.pages + 1,
      totals: addTotals(progress.totals, page.totals),
    };
    show();
    const { window, pages, totals, cursor } = progress;
    if (totals.left > 0) return { window, dryRun, pages, totals, complete: false };
    if (cursor === null) return { window, dryRun, pages, totals, complete: true };
    if (pageDelayMs > 0) await sleep(pageDelayMs);
    if (pagesHere >= pagesPerRun || workflowInfo().continueAsNewSuggested) {
      return await continueAsNew<typeof reconcileUploads>({ ...input, resume: progress });
    }
  }
}

async function reconcilePage(
  { pages }: ReconcileProgress,
  input: ReconcilePageInput,
): Promise<ReconciledPage> {
  try {
    return await activities(reconcileOptions, `page ${pages + 1}`).reconcilePage(input);
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { code, message } = describeFailure(error);
    throw ApplicationFailure.create({
      type: code,
      message,
      nonRetryable: true,
      ...(error instanceof Error ? { cause: error } : {}),
    });
  }
}

/** The window is fixed once: an upload that is put meanwhile is the next run's. */
function begin(input: ReconcileUploadsInput): ReconcileProgress {
  const { lookBackMs, graceMs, olderGraceMs, exactLookBackMs, notBeforeMs = null } = input;
  const now = workflowInfo().startTime.getTime();
  return {
    window: {
      sinceMs: latest(lookBackMs === null ? null : now - lookBackMs, notBeforeMs),
      untilMs: graceMs === 0 ? null : now - graceMs,
      ...(olderGraceMs === undefined ? {} : { olderUntilMs: now - olderGraceMs }),
      exactSinceMs: exactLookBackMs === null ? null : now - exactLookBackMs,
    },
    cursor: null,
    pages: 0,
    totals: emptyTotals(),
  };
}

function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
