/** What the demo prints: a table for people, JSON lines for scripts. */
import Table from 'cli-table3';
import pc from 'picocolors';
import type { Language } from '../scoring/messages/message.ts';
import type { DemoRecording } from './demo-recordings.ts';
import { feedbackTextOf, firstAdviceOf, type StoredScoring } from './stored-scoring.ts';

export interface DemoScoring {
  /** Of the advice. */
  language: Language;
  recording: DemoRecording;
  stored: StoredScoring;
}

/** One JSON object: the row's figures with the experts' total beside them. */
export function jsonLineOf({ recording, stored, language }: DemoScoring): string {
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
    feedback: result === null ? null : feedbackTextOf(result, language),
    workflowId: stored.workflow_id,
    expertTotal: recording.expertTotal,
  });
}

/** Everything in one row needs this many columns; narrower, text goes below the figures. */
const WIDE = 146;
const FIGURES = ['overall', 'pitch', 'rhythm', 'speed', 'pauses', 'wrong', 'experts'];
const FIGURE_WIDTHS = [9, 7, 8, 7, 8, 7, 9];
const LEGEND = [
  'overall: of 100 · pitch, rhythm, pauses: similarity with the standard, 0 to 1',
  'speed: learner ÷ standard · wrong: share of words · experts: median total of 10',
].join('\n');

/** `columns`: width of the terminal; absent where the output is no terminal. */
export function demoTable(scorings: DemoScoring[], columns = WIDE): string {
  const table = columns >= WIDE ? wideTable(scorings, columns) : narrowTable(scorings);
  return `${table.toString()}\n${LEGEND}`;
}

const style = {
  head: pc.isColorSupported ? ['bold'] : [],
  border: pc.isColorSupported ? ['dim'] : [],
};
const right = FIGURES.map(() => 'right' as const);

function wideTable(scorings: DemoScoring[], columns: number): Table.Table {
  // What the other columns and the borders leave.
  const advice = Math.min(60, columns - 123);
  const table = new Table({
    head: ['line', 'sentence', ...FIGURES, 'mispronounced', 'first advice'],
    colWidths: [16, 24, ...FIGURE_WIDTHS, 15, advice],
    colAligns: ['left', 'left', ...right, 'left', 'left'],
    wordWrap: true,
    style,
  });
  for (const scoring of scorings) {
    const { recording, stored } = scoring;
    const { title, sentence } = recording;
    const texts = [mispronouncedOf(stored), adviceOf(scoring)];
    table.push([title, sentence, ...figuresOf(recording, stored), ...texts]);
  }
  return table;
}

function narrowTable(scorings: DemoScoring[]): Table.Table {
  const table = new Table({
    head: ['line', ...FIGURES],
    colWidths: [16, ...FIGURE_WIDTHS],
    colAligns: ['left', ...right],
    wordWrap: true,
    style,
  });
  for (const scoring of scorings) {
    const { recording, stored } = scoring;
    const words = mispronouncedOf(stored);
    const wrong = words === '–' ? '' : ` Mispronounced: ${words}.`;
    const text = `"${recording.sentence}"${wrong} ${adviceOf(scoring)}`;
    table.push(
      [recording.title, ...figuresOf(recording, stored)],
      [{ content: text, colSpan: FIGURES.length + 1 }],
    );
  }
  return table;
}

function figuresOf(recording: DemoRecording, { result, failure_code }: StoredScoring): string[] {
  const show = (value: number | null | undefined, digits = 2) =>
    value == null ? '–' : value.toFixed(digits);
  return [
    failure_code ?? show(result?.overall, 0),
    show(result?.pitchSimilarity),
    show(result?.rhythmSimilarity),
    show(result?.speedRatio),
    show(result?.pauseSimilarity),
    show(result?.mispronouncedRatio),
    show(recording.expertTotal, 1),
  ];
}

function mispronouncedOf({ result }: StoredScoring): string {
  return result?.mispronouncedWords.join(', ') || '–';
}

function adviceOf({ stored, language }: DemoScoring): string {
  return (stored.result && firstAdviceOf(stored.result, language)) ?? '–';
}
