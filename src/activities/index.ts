/** The activities, wired to their ports; every error leaves as a catalogue failure. */
import { CancelledFailure, Context } from '@temporalio/activity';
import { toApplicationFailure } from '../failures.ts';
import { createAlignPhones } from './align-phones.ts';
import { createFinishBatch } from './finish-batch.ts';
import { createJudgePlan } from './judge-plan.ts';
import { createNotifyApplication } from './notify-application.ts';
import { createOpenBatch } from './open-batch.ts';
import { createOpenReview } from './open-review.ts';
import type { ActivityDependencies } from './ports.ts';
import { createReadBatchPage } from './read-batch-page.ts';
import { createRescoreFromAnalyses } from './rescore-from-analyses.ts';
import { createReconcilePage } from './reconcile-page.ts';
import { createResolveLesson } from './resolve-lesson.ts';
import { createSaveFailure } from './save-failure.ts';
import { createSaveScore } from './save-score.ts';
import { createScoreRecording } from './score-recording.ts';
import { createTrackPitch } from './track-pitch.ts';
import { createTranscribeSpeech } from './transcribe-speech.ts';

/** A third of the shortest heartbeat timeout, so that one late beat is no death. */
const HEARTBEAT_EVERY_MS = 3000;

export function createActivities(deps: ActivityDependencies) {
  return {
    resolveLesson: activity(createResolveLesson(deps)),
    transcribeSpeech: activity(createTranscribeSpeech(deps)),
    trackPitch: activity(createTrackPitch(deps)),
    alignPhones: activity(createAlignPhones(deps)),
    scoreRecording: activity(createScoreRecording(deps)),
    saveScore: activity(createSaveScore(deps)),
    saveFailure: activity(createSaveFailure(deps)),
    openReview: activity(createOpenReview(deps)),
    notifyApplication: activity(createNotifyApplication(deps)),
    openBatch: activity(createOpenBatch(deps)),
    readBatchPage: activity(createReadBatchPage(deps)),
    rescoreFromAnalyses: activity(createRescoreFromAnalyses(deps)),
    judgePlan: activity(createJudgePlan(deps)),
    finishBatch: activity(createFinishBatch(deps)),
    reconcilePage: activity(createReconcilePage(deps)),
  };
}

export type Activities = ReturnType<typeof createActivities>;

/** Heartbeats on a timer, honours cancellation, translates errors once for all activities. */
function activity<Input, Result>(run: (input: Input, signal: AbortSignal) => Promise<Result>) {
  return async (input: Input): Promise<Result> => {
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), HEARTBEAT_EVERY_MS);
    try {
      return await run(input, context.cancellationSignal);
    } catch (error) {
      if (context.cancellationSignal.aborted) {
        throw new CancelledFailure('the activity was cancelled', [], asError(error));
      }
      throw toApplicationFailure(error, context.info.attempt);
    } finally {
      clearInterval(beat);
    }
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
