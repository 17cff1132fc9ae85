/** Every path through the workflow, as a script: what the committed histories are recorded from. */
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import type { Activities } from '../../src/activities/index.ts';
import { PROGRESS_QUERY, type ScoringProgress } from '../../src/contract.ts';
import { scriptedActivities } from '../support/scripted-worker.ts';

export interface Scenario {
  name: string;
  activities: Activities;
  /** What somebody does to the running workflow; most paths need nobody. */
  interfere?: (handle: WorkflowHandle) => Promise<void>;
}

const failure = (type: string, nonRetryable = true) =>
  ApplicationFailure.create({ type, message: `scripted ${type}`, nonRetryable });

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
      name: 'standard-missing',
      activities: { ...base, resolveLesson: () => Promise.reject(failure('STANDARD_MISSING')) },
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
      name: 'cancelled',
      activities: { ...base, alignPhones: waitForCancellation },
      interfere: async (handle) => {
        for (;;) {
          const { steps } = await handle.query<ScoringProgress>(PROGRESS_QUERY);
          if (steps.some(({ name, state }) => name === 'phones · learner' && state === 'running')) {
            break;
          }
        }
        await handle.cancel();
      },
    },
  ];
}

async function waitForCancellation(): Promise<never> {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 200);
  return context.cancelled.finally(() => clearInterval(beat));
}
