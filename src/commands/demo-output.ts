/** What the demo prints: a table for people, JSON lines for scripts. */
import Table from 'cli-table3';
import type { Language } from '../scoring/messages/message.ts';
import { tableStyle } from './colours.ts';
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
/** `least`: where there is no room for all, those with the highest go first. */
const FIGURES = [
  { head: 'overall', width: 9, least: 0 },
  { head: 'pitch', width: 7, least: 3 },
  { head: 'rhythm', width: 8, least: 5 },
  { head: 'speed', width: 7, least: 4 },
  { head: 'pauses', width: 8, least: 6 },
  { head: 'wrong', width: 7, least: 1 },
  { head: 'experts', width: 9, least: 2 },
] as const;
const LINE_WIDTH = 16;
const LEGEND = [
  'overall: of 100 · pitch, rhythm, pauses: similarity with the standard, 0 to 1',
  'speed: learner ÷ standard · wrong: share of words · experts: median total of 10',
].join('\n');

/** `columns`: width of the terminal; absent where the output is no terminal. */
export function demoTable(scorings: DemoScoring[], columns = WIDE): string {
  const table = columns >= WIDE ? wideTable(scorings, columns) : narrowTable(scorings, columns);
  return `${table.toString()}\n${LEGEND}`;
}

function wideTable(scorings: DemoScoring[], columns: number): Table.Table {
  // What the other columns and the borders leave.
  const advice = Math.min(60, columns - 123);
  const table = new Table({
    head: ['line', 'sentence', ...FIGURES.map(({ head }) => head), 'mispronounced', 'first advice'],
    colWidths: [LINE_WIDTH, 24, ...FIGURES.map(({ width }) => width), 15, advice],
    colAligns: ['left', 'left', ...FIGURES.map(() => 'right' as const), 'left', 'left'],
    wordWrap: true,
    style: tableStyle(),
  });
  for (const scoring of scorings) {
    const { recording, stored } = scoring;
    const { title, sentence } = recording;
    const texts = [mispronouncedOf(stored), adviceOf(scoring)];
    const figures = Object.values(figuresOf(recording, stored));
    table.push([title, sentence, ...figures, ...texts]);
  }
  return table;
}

/** The figures that have room beside the line; each column costs its border too. */
function fittingFigures(columns: number) {
  const byWeight = FIGURES.toSorted((a, b) => b.least - a.least);
  const widthOf = (figures: typeof byWeight) =>
    figures.reduce((sum, { width }) => sum + width + 1, LINE_WIDTH + 2);
  let fitting = byWeight;
  while (fitting.length > 1 && widthOf(fitting) > columns) fitting = fitting.slice(1);
  return FIGURES.filter((figure) => fitting.includes(figure));
}

function narrowTable(scorings: DemoScoring[], columns: number): Table.Table {
  const figures = fittingFigures(columns);
  const table = new Table({
    head: ['line', ...figures.map(({ head }) => head)],
    colWidths: [LINE_WIDTH, ...figures.map(({ width }) => width)],
    colAligns: ['left', ...figures.map(() => 'right' as const)],
    wordWrap: true,
    style: tableStyle(),
  });
  for (const scoring of scorings) {
    const { recording, stored } = scoring;
    const words = mispronouncedOf(stored);
    const wrong = words === '–' ? '' : ` Mispronounced: ${words}.`;
    const text = `"${recording.sentence}"${wrong} ${adviceOf(scoring)}`;
    const all = figuresOf(recording, stored);
    table.push(
      [recording.title, ...figures.map(({ head }) => all[head])],
      [{ content: text, colSpan: figures.length + 1 }],
    );
  }
  return table;
}

function figuresOf(
  recording: DemoRecording,
  { result, failure_code }: StoredScoring,
): Record<(typeof FIGURES)[number]['head'], string> {
  const show = (value: number | null | undefined, digits = 2) =>
    value == null ? '–' : value.toFixed(digits);
  return {
    overall: failure_code ?? show(result?.overall, 0),
    pitch: show(result?.pitchSimilarity),
    rhythm: show(result?.rhythmSimilarity),
    speed: show(result?.speedRatio),
    pauses: show(result?.pauseSimilarity),
    wrong: show(result?.mispronouncedRatio),
    experts: show(recording.expertTotal, 1),
  };
}

function mispronouncedOf({ result }: StoredScoring): string {
  return result?.mispronouncedWords.join(', ') || '–';
}

function adviceOf({ stored, language }: DemoScoring): string {
  return (stored.result && firstAdviceOf(stored.result, language)) ?? '–';
}
