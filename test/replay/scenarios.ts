/** Every path through the workflows, as a script: what the committed histories are recorded from. */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Activities } from '../../src/activities/index.ts';
import { PROGRESS_QUERY, type ScoreSummary, type ScoringProgress } from '../../src/contract.ts';
import { emptyTotals, type ReconcileUploadsInput } from '../../src/contract/reconciliation.ts';
import { scriptedActivities, SUMMARY } from '../support/scripted-worker.ts';
import { batchScenarios } from './batch-scenarios.ts';
import { reviewScenarios } from './review-scenarios.ts';

export interface Scenario {
  name: string;
  activities: Activities;
  /** What somebody does to the running workflow; most paths need nobody. */
  interfere?: (handle: WorkflowHandle) => Promise<void>;
  /** Starts another workflow than a scoring; what it returns is recorded when that has ended. */
  start?: (client: Client, taskQueue: string) => Promise<WorkflowHandle>;
  /** A reconciliation with this input; absent: a scoring. */
  reconcile?: ReconcileUploadsInput;
  /** The history of the first run, where it continues as new; default: of the last. */
  firstRun?: true;
}

const failure = (type: string, nonRetryable = true) =>
  ApplicationFailure.create({ type, message: `scripted ${type}`, nonRetryable });

/** Paths that today's code takes no longer: running workflows may stand in the middle of one. */
export const OLDER_PATHS = [
  'upload-replaced-as-failure',
  'cancelled-when-saved-as-failure',
  'batch-page-failed-at-once',
  'batch-report-hid-the-cause',
  'batch-empty-pages-in-one-go',
  // Workers of before did not know what the activities asked for.
  'review-not-yet-known',
  'notice-not-yet-known',
];

export function scenarios(): Scenario[] {
  const base = scriptedActivities();
  const unknownSentence: Activities['resolveLesson'] = async (input) => ({
    ...(await base.resolveLesson(input)),
    sentence: null,
  });
  return [
    { name: 'completed', activities: base },
    {
      name: 'sentence-recognised',
      activities: { ...base, resolveLesson: unknownSentence },
    },
    {
      name: 'sentence-unknown',
      activities: {
        ...base,
        resolveLesson: unknownSentence,
        transcribeSpeech: () => Promise.reject(failure('SPEECH_REJECTED')),
      },
    },
    {
      name: 'standard-heard-as-nothing',
      activities: {
        ...base,
        resolveLesson: unknownSentence,
        transcribeSpeech: async (input) => ({
          ...(await base.transcribeSpeech(input)),
          text: '',
          wordCount: 0,
        }),
      },
    },
    {
      name: 'silent',
      activities: {
        ...base,
        scoreRecording: async (input) => ({
          ...(await base.scoreRecording(input)),
          summary: SILENT,
        }),
      },
    },
    {
      name: 'standard-missing',
      activities: { ...base, resolveLesson: () => Promise.reject(failure('STANDARD_MISSING')) },
    },
    {
      name: 'upload-replaced',
      activities: { ...base, resolveLesson: () => Promise.reject(failure('UPLOAD_REPLACED')) },
    },
    {
      name: 'upload-gone-while-scored',
      activities: { ...base, trackPitch: () => Promise.reject(failure('UPLOAD_GONE')) },
    },
    {
      name: 'superseded-not-stored',
      activities: {
        ...base,
        resolveLesson: () => Promise.reject(failure('UPLOAD_REPLACED')),
        saveFailure: () => Promise.reject(failure('DATABASE_REJECTED')),
      },
    },
    { name: 'scored-behind-a-newer', activities: { ...base, saveScore: overtaken } },
    {
      name: 'failed-behind-a-newer',
      activities: {
        ...base,
        resolveLesson: () => Promise.reject(failure('STANDARD_MISSING')),
        saveFailure: overtaken,
      },
    },
    {
      name: 'scored-before',
      activities: {
        ...base,
        resolveLesson: () =>
          Promise.resolve({
            finished: {
              status: 'completed',
              applicationRowId: '1',
              summary: SUMMARY,
              failureCode: null,
            },
          }),
      },
    },
    {
      name: 'superseded-before',
      activities: {
        ...base,
        resolveLesson: () =>
          Promise.resolve({
            finished: {
              status: 'superseded',
              applicationRowId: null,
              summary: null,
              failureCode: 'UPLOAD_GONE',
            },
          }),
      },
    },
    {
      name: 'branch-failed',
      activities: {
        ...base,
        trackPitch: (input) =>
          input.recording.role === 'learner'
            ? Promise.reject(failure('AUDIO_DAMAGED'))
            : base.trackPitch(input),
        alignPhones: waitForCancellation,
      },
    },
    {
      name: 'speech-recovered',
      activities: {
        ...base,
        transcribeSpeech: (input) =>
          Context.current().info.attempt === 1
            ? Promise.reject(failure('SPEECH_UNAVAILABLE', false))
            : base.transcribeSpeech(input),
      },
    },
    {
      name: 'save-failed',
      activities: { ...base, saveScore: () => Promise.reject(failure('DATABASE_REJECTED')) },
    },
    {
      name: 'failure-not-stored',
      activities: {
        ...base,
        resolveLesson: () => Promise.reject(failure('STANDARD_MISSING')),
        saveFailure: () => Promise.reject(failure('DATABASE_REJECTED')),
      },
    },
    {
      name: 'cancelled',
      activities: { ...base, alignPhones: waitForCancellation },
      interfere: (handle) => cancelDuring(handle, 'phones · learner'),
    },
    cancelledOutside('cancelled-resolving', base, 'resolveLesson', 'resolve lesson'),
    cancelledOutside('cancelled-saving', base, 'saveScore', 'save'),
    cancelledOutside('cancelled-when-saved', savedMeanwhile(base), 'saveScore', 'save'),
    {
      name: 'failed-behind-its-score',
      activities: {
        ...savedMeanwhile(base),
        resolveLesson: () => Promise.reject(failure('STANDARD_MISSING')),
      },
    },
    ...batchScenarios(),
    ...reviewScenarios(base),
    ...reconciliations(base),
  ];
}

const RECONCILE: ReconcileUploadsInput = {
  lookBackMs: 3_600_000,
  graceMs: 600_000,
  dryRun: false,
  exactLookBackMs: null,
  maxStarts: null,
};

/** Three pages of a thousand keys, of which two hundred each are started. */
function reconciliations(base: Activities): Scenario[] {
  const pages: Activities['reconcilePage'] = ({ cursor, maxStarts }) => {
    const page = Number(cursor ?? '1');
    const started = Math.min(200, maxStarts ?? Infinity);
    const totals = { ...emptyTotals(), listed: 1000, scored: 800, started, left: 200 - started };
    return Promise.resolve({ nextCursor: page < 3 ? String(page + 1) : null, totals });
  };
  const activities = { ...base, reconcilePage: pages };
  const continued = { ...RECONCILE, pagesPerRun: 2 };
  const denied = () => Promise.reject(failure('STORAGE_DENIED'));
  return [
    { name: 'reconciled', activities, reconcile: { ...RECONCILE, pageDelayMs: 10 } },
    { name: 'reconcile-continued', activities, reconcile: continued, firstRun: true },
    { name: 'reconcile-resumed', activities, reconcile: continued },
    { name: 'reconcile-limited', activities, reconcile: { ...RECONCILE, maxStarts: 300 } },
    {
      name: 'reconcile-failed',
      activities: { ...base, reconcilePage: denied },
      reconcile: RECONCILE,
    },
  ];
}

/** What saving answers where a newer version of the object stands already. */
const overtaken = () =>
  Promise.resolve({ applicationRowId: null, changed: true, status: 'superseded' as const });

/** The score was stored, and nobody heard of it. */
export function savedMeanwhile(base: Activities): Activities {
  return {
    ...base,
    saveFailure: () =>
      Promise.resolve({ applicationRowId: '1', changed: false, status: 'completed', notify: true }),
  };
}

/** Nothing was said: there are no figures, so no overall score becomes a search attribute. */
const SILENT: ScoreSummary = {
  attempt: 'silent',
  overall: null,
  accuracy: null,
  fluency: null,
  prosody: null,
  pitchSimilarity: null,
  rhythmSimilarity: null,
  speedRatio: null,
  pauseSimilarity: null,
  mispronouncedRatio: null,
};

/** Cancelled in a step before or after the analyses, which have a scope of their own. */
function cancelledOutside(
  name: string,
  base: Activities,
  activity: 'resolveLesson' | 'saveScore',
  step: string,
): Scenario {
  let tell: () => void = () => undefined;
  const requested = new Promise<void>((resolve) => (tell = resolve));
  const untilCancelled = async (): Promise<never> => {
    await requested;
    const context = Context.current();
    // The first beat asks the server at once; without a heartbeat timeout later ones wait 30 s.
    context.heartbeat();
    return context.cancelled;
  };
  return {
    name,
    activities: { ...base, [activity]: untilCancelled },
    interfere: async (handle) => {
      await cancelDuring(handle, step);
      for (;;) {
        const { events } = await handle.fetchHistory();
        if (events?.some((event) => event.activityTaskCancelRequestedEventAttributes)) break;
      }
      tell();
    },
  };
}

async function cancelDuring(handle: WorkflowHandle, step: string): Promise<void> {
  for (;;) {
    const { steps } = await handle.query<ScoringProgress>(PROGRESS_QUERY);
    if (steps.some(({ name, state }) => name === step && state === 'running')) break;
  }
  await handle.cancel();
}

async function waitForCancellation(): Promise<never> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 200);
  return context.cancelled.finally(() => clearInterval(beat));
}
