/** One upload, one scoring: analyse learner and standard, join, persist; record every failure. */
import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope, patched } from '@temporalio/workflow';
import type {
  FinishedScoring,
  ResolvedLesson,
  SavedScoring,
  ScoredRecording,
  ScorePronunciationInput,
  ScorePronunciationResult,
  ScoreSummary,
} from '../contract.ts';
import type { ReviewEnd } from '../contract/review.ts';
import { failureOf, isSuperseding, type FailureCode } from '../failures.ts';
import { lightOptions, saveOptions } from './activity-options.ts';
import { analyseAndScore } from './analyse-recordings.ts';
import { describeFailure, type DescribedFailure } from './failure-code.ts';
import { trackProgress, type Progress } from './progress.ts';
import { openReviewDesk, withScores } from './review-desk.ts';
import { activities, identityOf } from './scoring-activities.ts';
import { tellApplication, type Told } from './tell-application.ts';
import { waitForReview } from './wait-for-review.ts';

export { progressQuery } from './progress.ts';
export { reviewUpdate } from './review-desk.ts';

const STEPS = [
  'resolve lesson',
  'transcript · learner',
  'pitch · learner',
  'phones · learner',
  'pitch · standard',
  'phones · standard',
  'score',
  'save',
];

export async function scorePronunciation(
  input: ScorePronunciationInput,
): Promise<ScorePronunciationResult> {
  const progress = trackProgress(input.lesson, STEPS);
  const desk = openReviewDesk();
  let lesson: ResolvedLesson | null = null;
  let review: ReviewEnd | null = null;
  let summary: ScoreSummary | null = null;
  try {
    const resolved = await progress.step('resolve lesson', () =>
      activities(lightOptions, 'find recordings and sentence').resolveLesson(input),
    );
    if ('finished' in resolved) return repeat(input, resolved, progress);
    lesson = resolved;
    const { sentence, scored } = await analyseAndScore(input, lesson, progress);
    review = await waitForReview(input, scored, desk, progress);
    summary = withScores(scored.summary, review?.scores ?? null);
    const saved = await save({ input, lesson, sentence, scored, review }, progress);
    return await conclude({ input, review, summary, saved }, progress);
  } catch (error) {
    return await fail({ input, lesson, review, summary, error }, progress);
  }
}

interface Concluded {
  input: ScorePronunciationInput;
  review: ReviewEnd | null;
  summary: ScoreSummary;
  saved: SavedScoring;
}

/** What was saved is the outcome: it is shown, told and returned. */
async function conclude(
  { input, review, summary, saved }: Concluded,
  progress: Progress,
): Promise<ScorePronunciationResult> {
  const result =
    saved.status === 'superseded'
      ? supersede(input, saved.applicationRowId, summary, null, progress)
      : complete(input, saved.applicationRowId, summary, progress);
  const { kind: status, applicationRowId } = result;
  const decided = review !== null && review.decision !== 'timed_out';
  const type = status === 'completed' && decided ? 'reviewed' : status;
  const told: Told = { type, status, applicationRowId, summary, failureCode: null };
  await tellApplication(saved, input, told, progress);
  return result;
}

/** Announced once more, after Temporal had forgotten the first run: the outcome stands. */
function repeat(
  input: ScorePronunciationInput,
  { finished }: FinishedScoring,
  progress: Progress,
): ScorePronunciationResult {
  const { applicationRowId, summary, failureCode } = finished;
  progress.stoodBefore();
  if (finished.status === 'completed' && summary !== null) {
    return complete(input, applicationRowId, summary, progress);
  }
  return supersede(input, applicationRowId, summary, failureCode, progress);
}

function complete(
  { scoringId }: ScorePronunciationInput,
  applicationRowId: string | null,
  summary: ScoreSummary,
  progress: Progress,
): ScorePronunciationResult {
  progress.completed(summary);
  return { kind: 'completed', scoringId, applicationRowId, summary };
}

function supersede(
  { scoringId }: ScorePronunciationInput,
  applicationRowId: string | null,
  summary: ScoreSummary | null,
  failureCode: FailureCode | null,
  progress: Progress,
): ScorePronunciationResult {
  progress.superseded(summary, failureCode);
  return { kind: 'superseded', scoringId, applicationRowId, summary, failureCode };
}

interface Scored {
  input: ScorePronunciationInput;
  lesson: ResolvedLesson;
  sentence: string;
  scored: ScoredRecording;
  review: ReviewEnd | null;
}

function save(
  { input, lesson, sentence, scored, review }: Scored,
  progress: Progress,
): Promise<SavedScoring> {
  return progress.step('save', () =>
    activities(saveOptions, 'save scores').saveScore({
      ...identityOf(input),
      ids: lesson.ids,
      objectModifiedAtMs: lesson.objectModifiedAtMs ?? null,
      sentence,
      standard: lesson.standard,
      resultKey: scored.analysis.key,
      ...(review === null ? {} : { review }),
    }),
  );
}

interface Failed {
  input: ScorePronunciationInput;
  lesson: ResolvedLesson | null;
  review: ReviewEnd | null;
  /** What was to be saved; null before that. */
  summary: ScoreSummary | null;
  error: unknown;
}

/**
 * Stores the failure whatever happens, cancellation included, then fails visibly; unless the upload no
 * longer counts, which is an outcome.
 */
async function fail(failed: Failed, progress: Progress): Promise<ScorePronunciationResult> {
  const { input, error } = failed;
  const { code, message } = describeFailure(error);
  const expected = isSuperseding(code) && patched('superseded-is-an-outcome');
  if (!expected) progress.failed(code, message);
  const stored = await storeFailure(failed, { code, message });
  if ('unstored' in stored) {
    if (expected) progress.failed(code, message);
    progress.unstored(stored.unstored);
  } else if (expected || (stored.status === 'superseded' && code !== 'CANCELLED')) {
    const { applicationRowId } = stored;
    const result = supersede(input, applicationRowId, null, code, progress);
    const told = { applicationRowId, summary: null, failureCode: code };
    await tellApplication(
      stored,
      input,
      { type: 'superseded', status: 'superseded', ...told },
      progress,
    );
    return result;
  } else if (stored.status === 'completed' && patched('completed-is-no-failure')) {
    // Saving had been answered too late, or another run had saved: no failure to tell anybody of.
    const { review, summary } = failed;
    if (summary !== null) {
      const concluded = { input, review, summary, saved: stored };
      return CancellationScope.nonCancellable(() => conclude(concluded, progress));
    }
  } else {
    const { applicationRowId, status = 'failed' } = stored;
    const told = { type: status, status, applicationRowId, summary: null, failureCode: code };
    const telling = () => tellApplication(stored, input, told, progress);
    // Who cancelled the scoring did not cancel this.
    await (code === 'CANCELLED' ? CancellationScope.nonCancellable(telling) : telling());
  }
  // A cancelled workflow ends as "Cancelled", which is what whoever cancelled it looks for.
  if (code === 'CANCELLED') throw error;
  const notStored = 'unstored' in stored ? ` The failure is in no table: ${stored.unstored}.` : '';
  throw ApplicationFailure.create({
    type: code,
    message: `${message}. ${failureOf(code).operator}${notStored}`,
    nonRetryable: true,
    ...(error instanceof Error ? { cause: error } : {}),
  });
}

/** What is stored, or why it could not be: that must not hide why the scoring failed. */
async function storeFailure(
  { input, lesson, review }: Failed,
  { code, message }: DescribedFailure,
): Promise<SavedScoring | { unstored: string }> {
  try {
    return await CancellationScope.nonCancellable(() =>
      activities(saveOptions, `save failure · ${code}`).saveFailure({
        ...identityOf(input),
        userId: input.userId,
        ids: lesson?.ids ?? null,
        objectModifiedAtMs: lesson?.objectModifiedAtMs ?? null,
        standard: lesson?.standard ?? null,
        code,
        message,
        ...(review === null ? {} : { review }),
      }),
    );
  } catch (error) {
    const why = describeFailure(error);
    return { unstored: `${why.code}, ${why.message}` };
  }
}
