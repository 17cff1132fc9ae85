/** Scores one rated recording through the activities themselves, with files in place of S3. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createAlignPhones } from '../src/activities/align-phones.ts';
import type { AnalysisStore } from '../src/activities/ports.ts';
import { createScoreRecording } from '../src/activities/score-recording.ts';
import { createTrackPitch } from '../src/activities/track-pitch.ts';
import { createTranscribeSpeech } from '../src/activities/transcribe-speech.ts';
import type { AnalysisEngines } from '../src/adapters/analysis-engines.ts';
import type { RecordingRef, RecordingRole } from '../src/contract.ts';
import { ElocuteError } from '../src/failures.ts';
import type { ScoringResult } from '../src/scoring/scoring-result.ts';
import type { RatedRecording } from './rating-table.ts';

export type Rated =
  | { recording: RatedRecording; result: ScoringResult; why: null }
  /** `why`: the attempt kind or the failure code. */
  | { recording: RatedRecording; result: null; why: string };

const MAX_BYTES = 10 * 1024 * 1024;

/** What the activities need, with files in place of S3. */
export function activityDependencies(threads: AnalysisEngines, analyses: AnalysisStore) {
  return {
    analyses,
    audio: threads,
    lexicon: threads,
    objects: {
      describe: () => Promise.resolve(null),
      read: async ({ key }: { key: string }) => new Uint8Array(await readFile(key)),
    },
    speech: {
      version: threads.recogniserVersion,
      usesSentence: true,
      recognise: (
        { wav, sentence }: { wav: Uint8Array; sentence: string | null },
        signal?: AbortSignal,
      ) => threads.recognise(wav, sentence ?? '', signal ?? new AbortController().signal),
    },
    settings: { standardBucket: '', keyRoot: '', maxBytes: MAX_BYTES },
  };
}

/** The analyses and their join, as the workflow runs them. */
export function createRater(threads: AnalysisEngines, analyses: AnalysisStore) {
  const deps = activityDependencies(threads, analyses);
  const transcribeSpeech = createTranscribeSpeech(deps);
  const trackPitch = createTrackPitch(deps);
  const alignPhones = createAlignPhones(deps);
  const scoreRecording = createScoreRecording(deps);

  return async function rate(recording: RatedRecording, signal: AbortSignal): Promise<Rated> {
    try {
      const sentence = recording.text;
      const [learner, standard] = await Promise.all([
        recordingRef('learner', recording.wav),
        recordingRef('standard', recording.standard),
      ]);
      const [transcript, pitch, alignment, standardPitch, standardAlignment] = await Promise.all([
        transcribeSpeech({ recording: learner, sentence }, signal),
        trackPitch({ recording: learner }, signal),
        alignPhones({ recording: learner, sentence }, signal),
        trackPitch({ recording: standard }, signal),
        alignPhones({ recording: standard, sentence }, signal),
      ]);
      const scored = await scoreRecording(
        {
          sentence,
          learner: {
            transcript: transcript.analysis.key,
            pitch: pitch.analysis.key,
            alignment: alignment.analysis.key,
          },
          standard: {
            pitch: standardPitch.analysis.key,
            alignment: standardAlignment.analysis.key,
          },
        },
        signal,
      );
      const result = (await analyses.get(scored.analysis.key)) as ScoringResult;
      if (result.overall === null) return { recording, result: null, why: result.attempt.kind };
      return { recording, result, why: null };
    } catch (error) {
      if (!(error instanceof ElocuteError)) throw error;
      return { recording, result: null, why: error.code };
    }
  };
}

export async function recordingRef(role: RecordingRole, path: string): Promise<RecordingRef> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    const code = role === 'learner' ? 'UPLOAD_GONE' : 'STANDARD_MISSING';
    throw new ElocuteError(code, `cannot read ${path}`, { cause });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { role, sha256, object: { bucket: '', key: path, versionId: null, etag: null } };
}
