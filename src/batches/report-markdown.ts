/** A batch's report as Markdown whose tables are also readable as they stand, in a terminal. */
import type { LessonLine } from '../contract.ts';
import type { BatchReport, FigureReport, Mover } from './batch-report.ts';

/** `most`: how many of the largest movers are shown. */
export function reportMarkdown(report: BatchReport, most = report.movers.length): string {
  const parts = [`${report.compared} scorings compared.`];
  const present = report.figures.filter(
    ({ count, appeared, vanished }) => count + appeared + vanished > 0,
  );
  if (present.length > 0) {
    const scores = present.filter(({ moves }) => isScore(moves));
    const ratios = present.filter(({ moves }) => !isScore(moves));
    for (const some of [scores, ratios]) if (some.length > 0) parts.push(figuresTable(some));
  }
  if (report.movers.length > 0 && most > 0) {
    parts.push(`Largest moves:`, moversTable(report.movers.slice(0, most)));
  }
  return parts.join('\n\n');
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
  // A title is the application's text: it must not end a cell.
  return `${contentType}/${level}/${title}/${line}`.replaceAll('|', '\\|');
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
