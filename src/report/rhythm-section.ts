import { markup, type Markup } from './markup.ts';
import { shownNumber, type ScoredContext } from './page-context.ts';
import type { ComparedSpeech } from './report-data.ts';
import { matchedOf, syllableName, type NamedSyllable } from './spoken-syllables.ts';
import { rounded1 } from './svg-size.ts';

const LEAST_COLUMN_PX = 50;
const MOST_COLUMN_PX = 90;
const PAGE_PX = 780;
const BARS_PX = 130;
const BAR_PX = 14;
const FEWEST = 2;

/** Each syllable's share of the time in both recordings, side by side. */
export function rhythmSection(context: ScoredContext): Markup | null {
  const { say, data } = context;
  if (data.speech === null) return null;
  const syllables = matchedOf(data.speech, context.words);
  const isDrawn = syllables.length >= FEWEST;
  return markup`<section class="card" aria-labelledby="rhythm-title">
    <h2 id="rhythm-title">${say('rhythm')}</h2>
    ${isDrawn ? bars(syllables, context) : markup`<p>${say('rhythm_none')}</p>`}
  </section>`;
}

function bars(syllables: readonly NamedSyllable[], context: ScoredContext): Markup {
  const { say } = context;
  return markup`<p class="quiet">${say('rhythm_intro')}</p>
    <ul class="legend legend-lines">
      <li>
        <svg class="sample" viewBox="0 0 36 10" aria-hidden="true">
          <rect class="bar-learner" width="36" height="10" /></svg
        >${say('learner')}
      </li>
      <li>
        <svg class="sample" viewBox="0 0 36 10" aria-hidden="true">
          <rect class="bar-standard" x="1" y="1" width="34" height="8" /></svg
        >${say('standard')}
      </li>
    </ul>
    <div class="scroll" role="region" tabindex="0" aria-label="${say('rhythm_title')}">
      ${plot(syllables, context)}
    </div>
    <details>
      <summary>${say('show_table')}</summary>
      ${table(syllables, context)}
    </details>`;
}

type Role = keyof ComparedSpeech;

function durationOf(syllable: NamedSyllable, role: Role): number {
  const { startS, endS } = syllable[role].syllable;
  return endS - startS;
}

function sharesOf(syllables: readonly NamedSyllable[], role: Role): number[] {
  const durations = syllables.map((syllable) => durationOf(syllable, role));
  const total = durations.reduce((sum, duration) => sum + duration, 0);
  return durations.map((duration) => duration / total);
}

function plot(syllables: readonly NamedSyllable[], { say }: ScoredContext): Markup {
  const learner = sharesOf(syllables, 'learner');
  const standard = sharesOf(syllables, 'standard');
  const most = Math.max(...learner, ...standard);
  const column = Math.min(MOST_COLUMN_PX, Math.max(LEAST_COLUMN_PX, PAGE_PX / syllables.length));
  const width = rounded1(column * syllables.length);
  const height = BARS_PX + 46;
  const bar = (share: number, left: number, role: Role) => {
    const size = rounded1((BARS_PX - 6) * (share / most));
    return markup`<rect
      class="bar-${role}"
      x="${rounded1(left)}"
      y="${rounded1(BARS_PX - size)}"
      width="${BAR_PX}"
      height="${size}"
    />`;
  };
  const spans = wordSpans(syllables);
  return markup`<svg
    class="plot rhythm"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-labelledby="rhythm-plot-title rhythm-plot-desc"
  >
    <title id="rhythm-plot-title">${say('rhythm_title')}</title>
    <desc id="rhythm-plot-desc">${say('rhythm_desc')}</desc>
    <line class="grid" x1="0" x2="${width}" y1="${BARS_PX}" y2="${BARS_PX}" />
    ${syllables.map((syllable, at) => {
      const middle = column * (at + 0.5);
      return markup`${bar(learner[at] ?? 0, middle - BAR_PX - 1, 'learner')}${bar(standard[at] ?? 0, middle + 1, 'standard')}<text
          class="ipa"
          x="${rounded1(middle)}"
          y="${BARS_PX + 17}"
          text-anchor="middle"
          lang="en"
          >${syllable.ipa}</text
        >`;
    })}
    ${spans.map(({ label, from, to }) => markup`<line class="word-span" x1="${rounded1(column * from + 4)}" x2="${rounded1(column * to - 4)}" y1="${BARS_PX + 25}" y2="${BARS_PX + 25}" /><text x="${rounded1((column * (from + to)) / 2)}" y="${BARS_PX + 41}" text-anchor="middle" lang="en">${label}</text>`)}
  </svg>`;
}

/** Syllables of one word stand over one label. */
function wordSpans(syllables: readonly NamedSyllable[]) {
  const spans: { word: number; label: string; from: number; to: number }[] = [];
  for (const [at, { word, label }] of syllables.entries()) {
    const last = spans.at(-1);
    if (last?.word === word) last.to = at + 1;
    else spans.push({ word, label, from: at, to: at + 1 });
  }
  return spans;
}

function table(syllables: readonly NamedSyllable[], { say, language }: ScoredContext): Markup {
  const shown = (seconds: number) => shownNumber(seconds * 1000, language, 0);
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${say('show_table')}">
    <table class="figures">
      <caption class="hidden">
        ${say('rhythm_title')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('syllable')}</th>
          <th scope="col">${say('milliseconds', { who: say('learner') })}</th>
          <th scope="col">${say('milliseconds', { who: say('standard') })}</th>
        </tr>
      </thead>
      <tbody>
        ${syllables.map(
          (one) =>
            markup`<tr>
              <th scope="row">${syllableName(one)}</th>
              <td>${shown(durationOf(one, 'learner'))}</td>
              <td>${shown(durationOf(one, 'standard'))}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
