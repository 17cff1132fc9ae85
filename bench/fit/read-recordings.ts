/** The recordings that the models are fitted to, each as rows before anything fitted. */
import { createAlignPhones } from '../../src/activities/align-phones.ts';
import type { AnalysisStore } from '../../src/activities/ports.ts';
import { createTrackPitch } from '../../src/activities/track-pitch.ts';
import type { AnalysisEngines } from '../../src/adapters/analysis-engines.ts';
import type { RecordingRole } from '../../src/contract.ts';
import { ElocuteError } from '../../src/failures.ts';
import type { Alignment, PitchTrack } from '../../src/scoring/analyses.ts';
import { sentenceRows, type TimedRecording } from '../../src/scoring/model/sentence-rows.ts';
import type { SentenceRows } from '../../src/scoring/model/word-features.ts';
import { timeSpeech } from '../../src/scoring/timing.ts';
import { activityDependencies, recordingRef } from '../rate-recording.ts';
import { type MarkName, type RatedRecording } from '../rating-table.ts';

export interface FitRecording {
  utt: string;
  speaker: string;
  age: number | null;
  rows: SentenceRows;
  marks: Record<MarkName, number>;
  /** One per word of `rows`. */
  wordMarks: number[];
}

/** A string says why the recording cannot be fitted to. */
export type ReadRecording = FitRecording | string;

/** Through the activities, so that what they kept is used and what they compute is kept. */
export function createReader(threads: AnalysisEngines, analyses: AnalysisStore) {
  const deps = activityDependencies(threads, analyses);
  const [trackPitch, alignPhones] = [createTrackPitch(deps), createAlignPhones(deps)];

  async function timed(
    role: RecordingRole,
    path: string,
    sentence: string,
    signal: AbortSignal,
  ): Promise<(TimedRecording & { hasEvidence: boolean }) | string> {
    const recording = await recordingRef(role, path);
    const [pitch, phones] = await Promise.all([
      trackPitch({ recording }, signal),
      alignPhones({ recording, sentence }, signal),
    ]);
    const { energyDb } = (await analyses.get(pitch.analysis.key)) as PitchTrack;
    const alignment = (await analyses.get(phones.analysis.key)) as Alignment;
    if (alignment.kind === 'unaligned') return `${role}: ${alignment.reason}`;
    const timing = timeSpeech(alignment, energyDb);
    return { timing, energyDb, hasEvidence: alignment.warp !== undefined };
  }

  return async function read(rated: RatedRecording, signal: AbortSignal): Promise<ReadRecording> {
    try {
      const [learner, standard] = await Promise.all([
        timed('learner', rated.wav, rated.text, signal),
        timed('standard', rated.standard, rated.text, signal),
      ]);
      if (typeof learner === 'string') return learner;
      if (typeof standard === 'string') return standard;
      if (!learner.hasEvidence) return 'no acoustic evidence';
      const { utt, speaker, age, marks, wordMarks } = rated;
      const rows = sentenceRows(learner, standard);
      if (rows.words.length !== wordMarks?.length) return 'marks are not those of its words';
      return { utt, speaker, age, rows, marks, wordMarks };
    } catch (error) {
      if (!(error instanceof ElocuteError)) throw error;
      return error.code;
    }
  };
}
