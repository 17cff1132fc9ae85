/** What the report of a lesson recording shows, from the analyses and recordings that the project has. */
import { readFileSync } from 'node:fs';
import type { ReportData, StoredResult } from '../../src/report/report-data.ts';
import { spokenSentenceOf } from '../../src/report/read-report.ts';
import type { Speech } from '../../src/scoring/compare-speech.ts';
import { scoreRecording, type RecordingToScore } from '../../src/scoring/score.ts';
import { lessonAnalyses } from './golden.ts';
import { lessonPair } from './recordings.ts';

/** Omitted and mispronounced words, breaks where the standard has none. */
export const POOR = 26;
/** Every word clear. */
export const GOOD = 0;
/** Another sentence. */
export const OFF_SCRIPT = 29;

/** `index`: which of the thirty recordings. */
export function lessonReport(index: number): ReportData {
  const input = lessonAnalyses()[index];
  if (input === undefined) throw new Error(`there is no recording ${index}`);
  const pair = lessonPair(index);
  // As it comes back from the database.
  const result = JSON.parse(JSON.stringify(scoreRecording(input))) as StoredResult;
  return {
    scoring: {
      id: '0f3a9c1be77d'.padEnd(64, '4'),
      workflowId: 'score-0f3a9c1be77d',
      status: 'completed',
      lesson: { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 4 },
      sentence: input.sentence,
      failureCode: null,
      finishedAtMs: Date.UTC(2026, 10, 24, 9, 30),
    },
    result,
    speech: result.attempt.kind === 'ok' ? comparedSpeech(input) : null,
    // 16 kHz mono WAV files as they are.
    recordings: { learner: readFileSync(pair.learner), standard: readFileSync(pair.standard) },
  };
}

function comparedSpeech({ learner, standard }: RecordingToScore) {
  return {
    learner: spokenSentenceOf(learner as Speech),
    standard: spokenSentenceOf(standard as Speech),
  };
}

/** The report of a scoring that failed before anything was scored. */
export function failedReport(): ReportData {
  const { scoring, recordings } = lessonReport(GOOD);
  return {
    scoring: { ...scoring, status: 'failed', failureCode: 'STANDARD_MISSING', sentence: null },
    result: null,
    speech: null,
    recordings: { ...recordings, standard: null },
  };
}
