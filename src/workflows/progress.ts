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
  type ScoreSummary,
  type ScoringProgress,
  type StepState,
} from '../contract.ts';
import { failureOf, supersededText, type FailureCode } from '../failures.ts';

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
  failed(code: FailureCode): void;
  /** A newer version counts, or the object is gone. `summary`: where it was scored all the same. */
  superseded(summary: ScoreSummary | null, code: FailureCode | null): void;
  /** The outcome stood there before this run: no step was needed. */
  stoodBefore(): void;
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
  let notStored = '';
  const show = () => setCurrentDetails(`${detailsOf(progress)}${notStored}`);
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
    completed(summary) {
      progress.status = 'completed';
      progress.summary = summary;
      upsertSearchAttributes([
        { key: attribute.status, value: 'completed' },
        ...(summary.overall === null ? [] : [{ key: attribute.overall, value: summary.overall }]),
      ]);
      show();
    },
    failed(code) {
      progress.status = 'failed';
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
      notStored = `\n\nThe failure is in no table: ${why}`;
      show();
    },
  };
}

function wasKept(result: unknown): boolean {
  const analysis = (result as { analysis?: { cached?: boolean } } | null | undefined)?.analysis;
  return analysis?.cached === true;
}

const SIGN: Record<StepState, string> = {
  waiting: '·',
  running: '… running',
  done: '✓ done',
  kept: '✓ kept from before',
  failed: '✗ failed',
  cancelled: '– no longer needed',
};

/** A small Markdown table; ends with the scores, what superseded them, or the failure and what to do. */
export function detailsOf(progress: ScoringProgress): string {
  const rows = progress.steps.map(({ name, state }) => `| ${name} | ${SIGN[state]} |`);
  const table = ['| step | state |', '|---|---|', ...rows].join('\n');
  if (progress.status === 'superseded') {
    const scores = progress.summary === null ? '' : `\n\n${scoresOf(progress.summary)}`;
    return `${table}\n\n**Superseded**: ${supersededText(progress.failureCode)}${scores}`;
  }
  if (progress.failureCode !== null) {
    const { operator } = failureOf(progress.failureCode);
    return `${table}\n\n**${progress.failureCode}**: ${operator}`;
  }
  return progress.summary === null ? table : `${table}\n\n${scoresOf(progress.summary)}`;
}

function scoresOf(summary: ScoreSummary): string {
  const names = ['overall', 'accuracy', 'fluency', 'prosody'] as const;
  const figures = [
    'pitchSimilarity',
    'rhythmSimilarity',
    'speedRatio',
    'pauseSimilarity',
    'mispronouncedRatio',
  ] as const;
  const cell = (value: number | null) => (value === null ? '–' : String(value));
  const columns = [...names, ...figures];
  return [
    `Attempt: **${summary.attempt}**`,
    '',
    `| ${columns.join(' | ')} |`,
    `|${columns.map(() => '---').join('|')}|`,
    `| ${columns.map((name) => cell(summary[name])).join(' | ')} |`,
  ].join('\n');
}
