/** What a report is read from; adapters implement it. */
import type { ObjectRef, ScoreRecordingInput } from '../contract.ts';
import type { Alignment, PitchTrack } from '../scoring/analyses.ts';
import type { ReportScoring, StoredResult } from './report-data.ts';

export interface ReportRow {
  scoring: ReportScoring;
  object: ObjectRef;
  result: StoredResult | null;
}

/** 16 kHz mono WAV; `unreadable`: it is there, and this machine cannot decode it. */
export type KeptRecording = Uint8Array | 'gone' | 'unreadable';

export interface ReportSources {
  /** By scoring id, the beginning of one (8 digits or more) or workflow id; null unless it is one. */
  find(id: string): Promise<ReportRow | null>;
  /** Keys of the analyses that the score was made from; null where they are not known any more. */
  analysisKeys(row: ReportRow): Promise<ScoreRecordingInput | null>;
  pitch(key: string): Promise<PitchTrack>;
  alignment(key: string): Promise<Alignment>;
  learnerRecording(row: ReportRow, signal: AbortSignal): Promise<KeptRecording>;
  /** The content that was analysed under `pitchKey`; null key: what lies there now. */
  standardRecording(
    row: ReportRow,
    pitchKey: string | null,
    signal: AbortSignal,
  ): Promise<KeptRecording>;
}
