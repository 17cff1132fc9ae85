/** The analyses of both recordings at the same time, and their comparison. */
import { ApplicationFailure } from '@temporalio/common';
import { CancellationScope } from '@temporalio/workflow';
import type { RecordingRef, ResolvedLesson, ScorePronunciationInput } from '../contract.ts';
import { audioOptions, lightOptions, speechOptions } from './activity-options.ts';
import { describeFailure } from './failure-code.ts';
import type { Progress } from './progress.ts';
import { activities } from './scoring-activities.ts';

/** All analyses at once; the first that fails cancels those that are no longer needed. */
export async function analyseAndScore(
  input: ScorePronunciationInput,
  lesson: ResolvedLesson,
  progress: Progress,
) {
  const { learner, standard } = lesson;
  const scope = new CancellationScope();
  try {
    return await scope.run(async () => {
      const sentenceKnown = lesson.sentence ?? transcribeStandard(standard, progress);
      const [transcript, learnerPitch, learnerPhones, standardPitch, standardPhones] =
        await Promise.all([
          Promise.resolve(sentenceKnown).then((text) => transcribe(learner, text, progress)),
          track(learner, progress),
          Promise.resolve(sentenceKnown).then((text) => align(learner, text, progress)),
          track(standard, progress),
          Promise.resolve(sentenceKnown).then((text) => align(standard, text, progress)),
        ]);
      const sentence = await sentenceKnown;
      const scored = await progress.step('score', () =>
        activities(lightOptions, 'compare learner with standard').scoreRecording({
          sentence,
          learner: {
            transcript: transcript.analysis.key,
            pitch: learnerPitch.analysis.key,
            alignment: learnerPhones.analysis.key,
          },
          standard: {
            pitch: standardPitch.analysis.key,
            alignment: standardPhones.analysis.key,
          },
          lesson: input.lesson,
        }),
      );
      return { sentence, scored };
    });
  } finally {
    scope.cancel();
  }
}

function transcribe(recording: RecordingRef, sentence: string | null, progress: Progress) {
  const name = `transcript · ${recording.role}`;
  return progress.step(name, () =>
    activities(speechOptions, name, 'speech').transcribeSpeech({ recording, sentence }),
  );
}

/** The sentence from the standard itself, where nobody wrote it down. */
async function transcribeStandard(standard: RecordingRef, progress: Progress): Promise<string> {
  try {
    const { text } = await transcribe(standard, null, progress);
    if (text !== '') return text;
  } catch (error) {
    if (describeFailure(error).code !== 'SPEECH_REJECTED') throw error;
    throw ApplicationFailure.create({
      type: 'SENTENCE_UNKNOWN',
      message: 'no sentence beside the standard, and the recogniser cannot read it from the audio',
      nonRetryable: true,
      ...(error instanceof Error ? { cause: error } : {}),
    });
  }
  throw ApplicationFailure.create({
    type: 'SENTENCE_UNKNOWN',
    message: 'no sentence beside the standard, and the recogniser heard no words in it',
    nonRetryable: true,
  });
}

function track(recording: RecordingRef, progress: Progress) {
  const name = `pitch · ${recording.role}`;
  return progress.step(name, () =>
    activities(audioOptions, name, 'audio').trackPitch({ recording }),
  );
}

function align(recording: RecordingRef, sentence: string, progress: Progress) {
  const name = `phones · ${recording.role}`;
  return progress.step(name, () =>
    activities(audioOptions, name, 'audio').alignPhones({ recording, sentence }),
  );
}
