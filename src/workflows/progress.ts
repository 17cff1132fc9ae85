/** What a scoring says about itself while it runs: progress query, current details, attributes. */
import { defineSearchAttributeKey } from '@temporalio/common';
import {
  defineQuery,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import {
  lessonAttribute,
  PROGRESS_QUERY,
  type LessonLine,
  type ProgressStep,
  type ScoreSummary,
  type ScoringProgress,
  type StepState,
} from '../contract.ts';
import type { FailureCode } from '../failures.ts';
import { detailsOf } from './scoring-details.ts';

export const progressQuery = defineQuery<ScoringProgress>(PROGRESS_QUERY);

const attribute = {
  status: defineSearchAttributeKey('ElocuteStatus', 'KEYWORD'),
  contentType: defineSearchAttributeKey('ElocuteContentType', 'KEYWORD'),
  level: defineSearchAttributeKey('ElocuteLevel', 'INT'),
  lesson: defineSearchAttributeKey('ElocuteLesson', 'KEYWORD'),
  overall: defineSearchAttributeKey('ElocuteOverall', 'DOUBLE'),
  failureCode: defineSearchAttributeKey('ElocuteFailureCode', 'KEYWORD'),
};

export interface Progress {
  /** Runs a step and shows its state; `kept` where the result was there already. */
  step<T>(name: string, run: () => Promise<T>): Promise<T>;
  completed(summary: ScoreSummary): void;
  /** `message`: what happened this time, for the operator. */
  failed(code: FailureCode, message: string): void;
  /** A newer version counts, or the object is gone. `summary`: where it was scored all the same. */
  superseded(summary: ScoreSummary | null, code: FailureCode | null): void;
  /** The outcome stood there before this run: no step was needed. */
  stoodBefore(): void;
  /** A teacher is waited for; until then nobody sees the summary. */
  reviewing(summary: ScoreSummary, review: NonNullable<ScoringProgress['review']>): void;
  /** The application could not be told; the outcome stands. */
  untold(why: string): void;
  /** The failure could not be stored either; says so where people look. */
  unstored(why: string): void;
}

export function trackProgress(lesson: LessonLine, stepNames: readonly string[]): Progress {
  const progress: ScoringProgress = {
    status: 'scoring',
    steps: stepNames.map((name) => ({ name, state: 'waiting' })),
    summary: null,
    failureCode: null,
  };
  let reason: string | null = null;
  let notes = '';
  const show = () => setCurrentDetails(`${detailsOf(progress, reason)}${notes}`);
  const mark = (name: string, state: StepState) => {
    const step = progress.steps.find((candidate) => candidate.name === name);
    if (step === undefined) progress.steps.push({ name, state });
    else step.state = state;
    show();
  };
  setHandler(progressQuery, () => progress);
  upsertSearchAttributes([
    { key: attribute.status, value: 'scoring' },
    { key: attribute.contentType, value: lesson.contentType },
    { key: attribute.level, value: lesson.level },
    { key: attribute.lesson, value: lessonAttribute(lesson) },
  ]);
  show();
  return {
    async step(name, run) {
      mark(name, 'running');
      try {
        const result = await run();
        mark(name, wasKept(result) ? 'kept' : 'done');
        return result;
      } catch (error) {
        mark(name, isCancellation(error) ? 'cancelled' : 'failed');
        throw error;
      }
    },
    reviewing(summary, review) {
      progress.status = 'reviewing';
      progress.summary = summary;
      progress.review = review;
      // It comes before the last step, which saves.
      progress.steps.splice(-1, 0, { name: 'review', state: 'waiting' });
      upsertSearchAttributes([{ key: attribute.status, value: 'reviewing' }]);
      show();
    },
    untold(why) {
      notes += `\n\nThe application was not told: ${why}`;
      show();
    },
    completed(summary) {
      const failedBefore = progress.status === 'failed';
      progress.status = 'completed';
      progress.summary = summary;
      progress.failureCode = null;
      // Saved, though the answer never came.
      for (const step of progress.steps) if (isLost(step)) step.state = 'done';
      upsertSearchAttributes([
        { key: attribute.status, value: 'completed' },
        ...(summary.overall === null ? [] : [{ key: attribute.overall, value: summary.overall }]),
        // Whoever looks for failures must not find it.
        ...(failedBefore ? [{ key: attribute.failureCode, value: null }] : []),
      ]);
      show();
    },
    failed(code, message) {
      reason = message;
      progress.status = 'failed';
      progress.summary = null;
      progress.failureCode = code;
      upsertSearchAttributes([
        { key: attribute.status, value: 'failed' },
        { key: attribute.failureCode, value: code },
      ]);
      show();
    },
    superseded(summary, code) {
      const failedBefore = progress.status === 'failed';
      progress.status = 'superseded';
      progress.summary = summary;
      progress.failureCode = code;
      for (const step of progress.steps) {
        if (step.state !== 'done' && step.state !== 'kept') step.state = 'cancelled';
      }
      upsertSearchAttributes([
        { key: attribute.status, value: 'superseded' },
        // Whoever looks for failures must not find it.
        ...(failedBefore ? [{ key: attribute.failureCode, value: null }] : []),
      ]);
      show();
    },
    stoodBefore() {
      for (const step of progress.steps) step.state = 'kept';
    },
    unstored(why) {
      notes += `\n\nThe failure is in no table: ${why}`;
      show();
    },
  };
}

function isLost({ state }: ProgressStep): boolean {
  return state === 'failed' || state === 'cancelled';
}

function wasKept(result: unknown): boolean {
  const analysis = (result as { analysis?: { cached?: boolean } } | null | undefined)?.analysis;
  return analysis?.cached === true;
}
