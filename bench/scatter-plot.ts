/** Scores against experts' marks, as a picture in SVG. */
import type { Rated } from './rate-recording.ts';
import { markNames, type MarkName } from './rating-table.ts';

const PANEL = 260;
const MARGIN = 44;
const WIDTH = 2 * (PANEL + MARGIN) + MARGIN;

/** Four panels: experts' marks of 0–10 across, scores of 0–100 upwards; the line is full agreement. */
export function scatterPlot(rated: readonly Rated[], title: string): string {
  const panels = markNames.map((name, at) => panel(rated, name, at));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${WIDTH + 10}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${MARGIN}" y="20" font-size="13" font-weight="bold">${escaped(title)}</text>`,
    ...panels,
    '</svg>\n',
  ].join('\n');
}

function panel(rated: readonly Rated[], name: MarkName, at: number): string {
  const left = MARGIN + (at % 2) * (PANEL + MARGIN);
  const top = MARGIN + Math.floor(at / 2) * (PANEL + MARGIN);
  const x = (mark: number) => (left + (mark / 10) * PANEL).toFixed(1);
  const y = (score: number) => (top + PANEL - (score / 100) * PANEL).toFixed(1);
  const dots = rated.flatMap(({ recording, result }) => {
    const score = result?.[name] ?? null;
    if (score === null) return [];
    return [`<circle cx="${x(recording.marks[name])}" cy="${y(score)}" r="2"/>`];
  });
  const ticks = [0, 2, 4, 6, 8, 10].map(
    (mark) =>
      `<text x="${x(mark)}" y="${top + PANEL + 14}" text-anchor="middle">${mark}</text>` +
      `<text x="${left - 6}" y="${Number(y(mark * 10)) + 4}" text-anchor="end">${mark * 10}</text>`,
  );
  return [
    `<rect x="${left}" y="${top}" width="${PANEL}" height="${PANEL}" fill="none" stroke="#999"/>`,
    `<line x1="${x(0)}" y1="${y(0)}" x2="${x(10)}" y2="${y(100)}" stroke="#bbb"/>`,
    `<text x="${left + 8}" y="${top + 18}" font-weight="bold">${name}</text>`,
    `<g fill="#1f6feb" fill-opacity="0.35">${dots.join('')}</g>`,
    `<g fill="#555">${ticks.join('')}</g>`,
  ].join('\n');
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
