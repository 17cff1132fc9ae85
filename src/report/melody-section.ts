import { FRAME_S } from '../scoring/analyses.ts';
import { matchSyllables, type MatchedSyllable } from '../scoring/match-syllables.ts';
import { markup, type Markup } from './markup.ts';
import { labelRows } from './label-rows.ts';
import type { ComparedSpeech, SpokenSentence } from './report-data.ts';
import { signedNumber, type ScoredContext } from './page-context.ts';
import { matchedOf, syllableName } from './spoken-syllables.ts';
import { pxPerSecond, rounded1 } from './svg-size.ts';
import { anchorsOf, warpBy } from './warp.ts';

const LEFT_PX = 44;
const RIGHT_PX = 12;
const TOP_PX = 12;
const PLOT_PX = 200;
const ROW_PX = 18;
/** A flat voice must look flat: the axis reaches at least so far. */
const LEAST_SEMITONES = 5;
const MOST_SEMITONES = 12;
const GRID_SEMITONES = 2;

/** Both melodies over the learner's words; the standard's time is bent so that vowels coincide. */
export function melodySection(context: ScoredContext): Markup | null {
  const { speech } = context.data;
  if (speech === null) return null;
  const { say } = context;
  const isDrawn = speech.learner.melody !== null && speech.standard.melody !== null;
  return markup`<section class="card" aria-labelledby="melody-title">
    <h2 id="melody-title">${say('melody')}</h2>
    ${isDrawn ? melody(speech, context) : markup`<p>${say('melody_none')}</p>`}
  </section>`;
}

function melody(speech: ComparedSpeech, context: ScoredContext): Markup {
  const { say } = context;
  return markup`<p class="quiet">${say('melody_intro')}</p>
    <ul class="legend legend-lines">
      <li>
        <svg class="sample" viewBox="0 0 36 10" aria-hidden="true">
          <path class="line-learner" d="M1 5H35" /></svg
        >${say('learner')}
      </li>
      <li>
        <svg class="sample" viewBox="0 0 36 10" aria-hidden="true">
          <path class="line-standard" d="M1 5H35" /></svg
        >${say('standard')}
      </li>
    </ul>
    <div class="scroll" role="region" tabindex="0" aria-label="${say('melody_title')}">
      ${plot(speech, context)}
    </div>
    <details>
      <summary>${say('show_table')}</summary>
      ${table(speech, context)}
    </details>`;
}

/** A measured point: when, in the learner's time, and how high. */
export interface MelodyPoint {
  timeS: number;
  semitones: number;
}

/** The voiced stretches of a melody within `[fromS, toS]`, each a line; `warp`: to the plot's time. */
export function melodyLines(
  { melody: contour, words }: SpokenSentence,
  warp: (timeS: number) => number = (timeS) => timeS,
): MelodyPoint[][] {
  const fromS = words[0]?.startS ?? 0;
  const toS = words.at(-1)?.endS ?? 0;
  const lines: MelodyPoint[][] = [];
  let line: MelodyPoint[] = [];
  for (const [frame, semitones] of (contour?.semitones ?? []).entries()) {
    const timeS = (frame + 0.5) * FRAME_S;
    const isDrawn = contour?.voiced[frame] === true && timeS >= fromS && timeS <= toS;
    if (isDrawn) line.push({ timeS: warp(timeS), semitones });
    else if (line.length > 0) {
      lines.push(line);
      line = [];
    }
  }
  return line.length > 0 ? [...lines, line] : lines;
}

function plot(speech: ComparedSpeech, { words, say }: ScoredContext): Markup {
  const { learner, standard } = speech;
  const fromS = learner.words[0]?.startS ?? 0;
  const toS = learner.words.at(-1)?.endS ?? 0;
  const scale = pxPerSecond(toS - fromS + 0.4);
  const warp = warpBy(anchorsOf(matchSyllables(learner, standard)));
  const own = melodyLines(learner);
  const other = melodyLines(standard, warp);
  const reach = reachOf([...own, ...other]);
  const x = (timeS: number) => rounded1(LEFT_PX + (timeS - fromS) * scale);
  const y = (semitones: number) => rounded1(TOP_PX + (PLOT_PX * (reach - semitones)) / (2 * reach));
  const width = rounded1(x(toS) + RIGHT_PX);
  const labelled = words.flatMap(({ label, learner: span }) =>
    span === null ? [] : [{ text: label, x: x((span.startS + span.endS) / 2), span }],
  );
  const rows = labelRows(labelled);
  const bottom = TOP_PX + PLOT_PX;
  const height = bottom + 10 + ROW_PX * (Math.max(0, ...rows) + 1);
  const grid = gridOf(reach);
  const path = (points: MelodyPoint[]) =>
    points
      .map(({ timeS, semitones }, at) => `${at === 0 ? 'M' : 'L'}${x(timeS)} ${y(semitones)}`)
      .join('');
  return markup`<svg
    class="plot melody"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-labelledby="melody-plot-title melody-plot-desc"
  >
    <title id="melody-plot-title">${say('melody_title')}</title>
    <desc id="melody-plot-desc">${say('melody_desc')}</desc>
    ${labelled.map(({ span }) => markup`<rect class="word-band" x="${x(span.startS)}" y="${TOP_PX}" width="${rounded1((span.endS - span.startS) * scale)}" height="${PLOT_PX}" />`)}
    ${grid.map((value) => markup`<line class="${value === 0 ? 'grid grid-zero' : 'grid'}" x1="${LEFT_PX}" x2="${width - RIGHT_PX}" y1="${y(value)}" y2="${y(value)}" /><text class="axis" x="${LEFT_PX - 8}" y="${rounded1(y(value) + 4)}" text-anchor="end">${signed(value)}</text>`)}
    <text
      class="axis"
      transform="translate(12 ${TOP_PX + PLOT_PX / 2}) rotate(-90)"
      text-anchor="middle"
    >
      ${say('melody_axis')}
    </text>
    <path class="line-standard" d="${other.map(path).join('')}" />
    <path class="line-learner" d="${own.map(path).join('')}" />
    ${labelled.map(({ text, x: middle }, at) => markup`<text x="${middle}" y="${bottom + 18 + ROW_PX * (rows[at] ?? 0)}" text-anchor="middle" lang="en">${text}</text>`)}
  </svg>`;
}

function reachOf(lines: readonly MelodyPoint[][]): number {
  const highest = Math.max(0, ...lines.flat().map(({ semitones }) => Math.abs(semitones)));
  return Math.min(MOST_SEMITONES, Math.max(LEAST_SEMITONES, Math.ceil(highest + 0.5)));
}

function gridOf(reach: number): number[] {
  const step = reach > 2 * LEAST_SEMITONES - 1 ? 2 * GRID_SEMITONES : GRID_SEMITONES;
  const count = Math.floor(reach / step);
  return Array.from({ length: 2 * count + 1 }, (_, at) => (at - count) * step);
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value).replace('-', '−');
}

function table(speech: ComparedSpeech, context: ScoredContext): Markup {
  const { say, language } = context;
  const shown = (value: number | null) => (value === null ? '–' : signedNumber(value, language));
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${say('show_table')}">
    <table class="figures">
      <caption class="hidden">
        ${say('melody_title')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('syllable')}</th>
          <th scope="col">${say('mean_semitones', { who: say('learner') })}</th>
          <th scope="col">${say('mean_semitones', { who: say('standard') })}</th>
        </tr>
      </thead>
      <tbody>
        ${matchedOf(speech, context.words).map(
          (matched) =>
            markup`<tr>
              <th scope="row">${syllableName(matched)}</th>
              <td>${shown(meanOf(speech.learner, matched.learner))}</td>
              <td>${shown(meanOf(speech.standard, matched.standard))}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Mean of the voiced frames of a syllable, semitones; null without one. */
function meanOf({ melody: contour }: SpokenSentence, { syllable }: MatchedSyllable['learner']) {
  const values = (contour?.semitones ?? []).filter((_, frame) => {
    const timeS = (frame + 0.5) * FRAME_S;
    return contour?.voiced[frame] === true && timeS >= syllable.startS && timeS < syllable.endS;
  });
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
