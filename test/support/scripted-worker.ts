/** A real worker on the real server with scripted activities: what the workflow does, and nothing else. */
import {
  Worker,
  NativeConnection,
  type WorkerOptions,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import type { Activities } from '../../src/activities/index.ts';
import {
  taskQueuesOf,
  type ScorePronunciationInput,
  type ScoreSummary,
} from '../../src/contract.ts';
import { emptyTotals } from '../../src/contract/reconciliation.ts';
import { scriptedBatch } from './scripted-batch.ts';
import { bundle, freshName, onEnd, temporalServer } from './services.ts';

export const SUMMARY: ScoreSummary = {
  attempt: 'ok',
  overall: 81.2,
  accuracy: 79,
  fluency: 84.5,
  prosody: 80.1,
  pitchSimilarity: 0.71,
  rhythmSimilarity: 0.662,
  speedRatio: 0.85,
  pauseSimilarity: 1,
  mispronouncedRatio: 0.25,
};

export function scriptedInput(scoringId: string): ScorePronunciationInput {
  return {
    scoringId,
    upload: {
      bucket: 'user-audio-file',
      key: 'user-audio-file/482/novel/level_2/A_Breath_of_Life/audio_line_1.wav',
      versionId: 'v1',
      etag: 'e',
      sequencer: '01',
    },
    userId: '482',
    lesson: { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 1 },
  };
}

/** Activities that all succeed at once; tests replace the ones they are about. */
export function scriptedActivities(overrides: Partial<Activities> = {}): Activities {
  const recording = (role: 'learner' | 'standard') => ({
    role,
    object: { bucket: 'b', key: 'k', versionId: 'v', etag: 'e' },
    sha256: 'a'.repeat(64),
  });
  const analysis = (key: string) => ({ key, cached: false });
  return {
    resolveLesson: () =>
      Promise.resolve({
        learner: recording('learner'),
        standard: recording('standard'),
        sentence: 'It was good.',
        ids: { userId: '482', contentTypeId: null, objectId: null },
      }),
    transcribeSpeech: () =>
      Promise.resolve({ analysis: analysis('transcript'), text: 'it was good', wordCount: 3 }),
    trackPitch: () => Promise.resolve({ analysis: analysis('pitch'), durationS: 2 }),
    alignPhones: () => Promise.resolve({ analysis: analysis('alignment'), aligned: true }),
    scoreRecording: () => Promise.resolve({ analysis: analysis('score'), summary: SUMMARY }),
    saveScore: () => Promise.resolve({ applicationRowId: '1', changed: true }),
    saveFailure: () => Promise.resolve({ applicationRowId: '1', changed: true }),
    openReview: () => Promise.resolve(),
    notifyApplication: () => Promise.resolve(),
    ...scriptedBatch().activities,
    reconcilePage: () => Promise.resolve({ nextCursor: null, totals: emptyTotals() }),
    ...overrides,
  };
}

export interface ScriptedWorker {
  taskQueue: string;
  run<T>(test: () => Promise<T>): Promise<T>;
}

let connection: Promise<NativeConnection> | undefined;

export function nativeConnection(): Promise<NativeConnection> {
  return (connection ??= temporalServer().then(async ({ address }) => {
    const opened = await NativeConnection.connect({ address });
    onEnd(() => opened.close());
    return opened;
  }));
}

export interface ScriptedBuild {
  /** Shared with other workers; absent: one of its own. */
  taskQueue?: string;
  /** Other workflow code than today's. */
  workflowBundle?: WorkflowBundleOption;
  deployment?: Pick<WorkerOptions, 'workerDeploymentOptions'>;
}

export async function scriptedWorker(
  activities: Activities,
  build: ScriptedBuild = {},
): Promise<ScriptedWorker> {
  const { taskQueue = freshName('scripted'), deployment } = build;
  const workflowBundle = build.workflowBundle ?? (await bundle());
  const shared = await nativeConnection();
  const queues = taskQueuesOf(taskQueue);
  const common = { connection: shared, activities, ...deployment };
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: queues.scoring, workflowBundle }),
    Worker.create({ ...common, taskQueue: queues.speech }),
    Worker.create({ ...common, taskQueue: queues.audio }),
  ]);
  return {
    taskQueue,
    async run(test) {
      const [first, ...others] = workers;
      const runs = others.map((worker) => worker.run());
      try {
        return await first.runUntil(test);
      } finally {
        for (const worker of others) worker.shutdown();
        await Promise.all(runs);
      }
    },
  };
}
