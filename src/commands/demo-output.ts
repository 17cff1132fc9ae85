/** What the demo prints: a table for people, JSON lines for scripts. */
import Table from 'cli-table3';
import type { DemoRecording } from './demo-recordings.ts';
import type { StoredScoring } from './stored-scoring.ts';

export interface DemoScoring {
  recording: DemoRecording;
  stored: StoredScoring;
}

/** One JSON object: the row's figures with the experts' total beside them. */
export function jsonLineOf({ recording, stored }: DemoScoring): string {
  const { result } = stored;
  return JSON.stringify({
    key: stored.object_key,
    sentence: stored.sentence ?? recording.sentence,
    status: stored.status,
    overall: result?.overall ?? null,
    accuracy: result?.accuracy ?? null,
    fluency: result?.fluency ?? null,
    prosody: result?.prosody ?? null,
    pitchSimilarity: result?.pitchSimilarity ?? null,
    rhythmSimilarity: result?.rhythmSimilarity ?? null,
    speedRatio: result?.speedRatio ?? null,
    pauseSimilarity: result?.pauseSimilarity ?? null,
    mispronouncedWords: result?.mispronouncedWords ?? [],
    mispronouncedRatio: result?.mispronouncedRatio ?? null,
    feedback: result?.feedback.text ?? null,
    workflowId: stored.workflow_id,
    expertTotal: recording.expertTotal,
  });
}

const NARROW = 150;

export function demoTable(scorings: DemoScoring[], terminalWidth = NARROW): string {
  const advice = Math.max(24, Math.min(60, terminalWidth - 126));
  const table = new Table({
    head: [
      'line',
      'sentence',
      'overall',
      'pitch',
      'rhythm',
      'speed',
      'pauses',
      'wrong',
      'mispronounced',
      'first advice',
      'experts',
    ],
    colWidths: [16, 24, 9, 7, 8, 7, 8, 7, 15, advice, 9],
    colAligns: [
      'left',
      'left',
      'right',
      'right',
      'right',
      'right',
      'right',
      'right',
      'left',
      'left',
      'right',
    ],
    wordWrap: true,
    style: { head: ['bold'], border: ['dim'] },
  });
  for (const { recording, stored } of scorings) table.push(rowOf(recording, stored));
  const legend =
    'overall of 100 · pitch, rhythm, pauses: similarity with the standard, 0 to 1 · speed: ratio · wrong: share of words · experts: median total of 10';
  return `${table.toString()}\n${legend}`;
}

function rowOf(recording: DemoRecording, { result, failure_code }: StoredScoring): string[] {
  const show = (value: number | null | undefined, digits = 2) =>
    value == null ? '–' : value.toFixed(digits);
  return [
    recording.title,
    recording.sentence,
    failure_code ?? show(result?.overall, 0),
    show(result?.pitchSimilarity),
    show(result?.rhythmSimilarity),
    show(result?.speedRatio),
    show(result?.pauseSimilarity),
    show(result?.mispronouncedRatio),
    result?.mispronouncedWords.join(', ') || '–',
    result?.feedback.advice[0]?.text ?? '–',
    show(recording.expertTotal, 1),
  ];
}
