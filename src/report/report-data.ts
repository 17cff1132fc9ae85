/** What the report page of one scoring shows: all of it, so that the page can be made from it alone. */
import type { FinalStatus, LessonLine } from '../contract.ts';
import type { FailureCode } from '../failures.ts';
import type { AlignedWord } from '../scoring/analyses.ts';
import type { Melody } from '../scoring/melody.ts';
import type { ScoringResult } from '../scoring/scoring-result.ts';

export interface ReportData {
  scoring: ReportScoring;
  /** Null where nothing was scored. */
  result: StoredResult | null;
  /** Null where the analyses are not kept any more, or the attempt was not scored. */
  speech: ComparedSpeech | null;
  recordings: Recordings;
}

export interface ReportScoring {
  id: string;
  workflowId: string;
  status: FinalStatus;
  lesson: LessonLine;
  sentence: string | null;
  /** Why there is no score. */
  failureCode: FailureCode | null;
  finishedAtMs: number;
}

/** Rows of older versions lack some figures. */
export type StoredResult = Omit<ScoringResult, LaterFigure> &
  Partial<Pick<ScoringResult, LaterFigure>>;

type LaterFigure = 'versions' | 'delivery' | 'standardCheck' | 'standardFindings' | 'contributions';

/** 16 kHz mono WAV files; null where one is gone or cannot be read. */
export interface Recordings {
  learner: Uint8Array | null;
  standard: Uint8Array | null;
  /** Which of those that are null lie there all the same; absent: none. */
  unreadable?: readonly ('learner' | 'standard')[];
}

export interface ComparedSpeech {
  learner: SpokenSentence;
  standard: SpokenSentence;
}

/** One recording's timing and melody; times are seconds from its start. */
export interface SpokenSentence {
  durationS: number;
  words: SpokenWord[];
  /** Silence between word `i` and `i + 1`. */
  gapsS: number[];
  melody: Melody | null;
}

export type SpokenWord = Pick<AlignedWord, 'text' | 'startS' | 'endS' | 'phones' | 'syllables'>;
