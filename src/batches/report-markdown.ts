/** A batch's report as Markdown whose tables are also readable as they stand, in a terminal. */
import type { LessonLine } from '../contract.ts';
import type { BatchReport, FailureReport, FigureReport, Mover } from './batch-report.ts';

/** `most`: how many of the largest movers are shown. */
export function reportMarkdown(report: BatchReport, most = report.movers.length): string {
  const parts = [`${report.compared} scorings compared.`];
  if (report.failures.length > 0) parts.push('Failed:', failuresTable(report.failures));
  const moved = report.figures.filter(hasMoved);
  const scores = moved.filter(({ moves }) => isScore(moves));
  const ratios = moved.filter(({ moves }) => !isScore(moves));
  for (const some of [scores, ratios]) if (some.length > 0) parts.push(figuresTable(some));
  const same = report.figures.filter((figure) => figure.count > 0 && !hasMoved(figure));
  if (same.length > 0)
    parts.push(`The same in all: ${same.map(({ figure }) => figure).join(', ')}.`);
  if (report.movers.length > 0 && most > 0) {
    parts.push(`Largest moves:`, moversTable(report.movers.slice(0, most)));
  }
  return parts.join('\n\n');
}

function hasMoved({ up, down, appeared, vanished }: FigureReport): boolean {
  return up + down + appeared + vanished > 0;
}

function isScore(moves: FigureReport['moves']): boolean {
  return (moves[1]?.atMost ?? 0) >= 1;
}

function figuresTable(figures: FigureReport[]): string {
  const bounds = figures[0]?.moves.map(({ atMost }) => atMost) ?? [];
  const last = bounds.findLast((bound) => bound !== null) ?? 0;
  const columns = bounds.map((bound) => {
    if (bound === 0) return 'same';
    return bound === null ? `> ${last}` : `≤ ${bound}`;
  });
  return table(
    ['score', 'before', 'after', 'move', 'up', 'down', 'new', 'gone', ...columns],
    figures.map((figure) => [
      figure.figure,
      show(figure.meanBefore),
      show(figure.meanAfter),
      signed(figure.meanMove),
      ...[figure.up, figure.down, figure.appeared, figure.vanished].map(String),
      ...figure.moves.map(({ count }) => String(count)),
    ]),
  );
}

function failuresTable(failures: FailureReport[]): string {
  return table(
    ['code', 'items', 'for instance', 'why'],
    failures.map(({ code, count, scoringId, message }) => [
      code,
      String(count),
      scoringId.slice(0, 12),
      inCell(message),
    ]),
  );
}

function moversTable(movers: Mover[]): string {
  return table(
    ['scoring', 'lesson line', 'overall', 'after', 'largest move'],
    movers.map(({ scoringId, lesson, before, after, move, attemptBefore, attemptAfter }) => [
      scoringId.slice(0, 12),
      lesson === null ? '–' : lineOf(lesson),
      before === null ? attemptBefore : show(before),
      after === null ? attemptAfter : show(after),
      String(move),
    ]),
  );
}

function lineOf({ contentType, level, title, line }: LessonLine): string {
  return inCell(`${contentType}/${level}/${title}/${line}`);
}

/** Titles and messages are others' text: they must not end a cell or a row. */
function inCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}

function show(value: number | null): string {
  return value === null ? '–' : String(value);
}

function signed(value: number | null): string {
  return value !== null && value > 0 ? `+${value}` : show(value);
}

function table(head: string[], rows: string[][]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
