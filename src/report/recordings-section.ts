import type { Interval } from '../scoring/advice.ts';
import { PAUSE_S } from '../scoring/timing.ts';
import { markup, type Markup } from './markup.ts';
import { playIcon } from './icons.ts';
import { labelRows } from './label-rows.ts';
import type { Role } from './page-data.ts';
import { shownNumber, type PageContext } from './page-context.ts';
import { pxPerSecond, rounded1 } from './svg-size.ts';

const ROLES: readonly Role[] = ['learner', 'standard'];
const ROW_PX = 18;

/** Both recordings, each with a button, its waveform, its words and its pauses. */
export function recordingsSection(context: PageContext): Markup {
  const { say, data } = context;
  const hasPauses = ROLES.some((role) => (spokenOf(role, context)?.pauses ?? []).length > 0);
  return markup`<section class="card" aria-labelledby="recordings-title">
    <h2 id="recordings-title">${say('recordings')}</h2>
    ${hasPauses ? pauseLegend(context) : null} ${ROLES.map((role) => recording(role, context))}
    ${data.result !== null && data.speech === null && context.words.length > 0 ? markup`<p class="quiet">${say('analyses_gone')}</p>` : null}
  </section>`;
}

function pauseLegend({ say }: PageContext): Markup {
  return markup`<ul class="legend legend-lines">
    <li>
      <svg class="sample" viewBox="0 0 36 10" aria-hidden="true">
        <rect class="pause-sample" width="36" height="10" />
      </svg>
      ${say('pause_legend')}
    </li>
  </ul>`;
}

function recording(role: Role, context: PageContext): Markup {
  const { say, data } = context;
  const isThere = data.recordings[role] !== null;
  const isUnreadable = data.recordings.unreadable?.includes(role) === true;
  return markup`<div class="recording recording-${role}">
    <div class="recording-head">
      <h3>${say(role)}</h3>
      ${
        isThere
          ? markup`<button
              type="button"
              class="button button-${role}"
              data-stops
              data-play="${role}"
              aria-label="${say(`play_${role}`)}"
            >
              ${playIcon()}${say('play')}
            </button>`
          : null
      }
    </div>
    ${isThere ? null : markup`<p class="quiet">${say(isUnreadable ? `${role}_unreadable` : `${role}_gone`)}</p>`} ${lane(role, context)}
  </div>`;
}

/** How wide the waveform of each recording is, as rules for the page's styles. */
export function waveWidths(context: PageContext): string {
  const scale = pxPerSecond(longestOf(context));
  return ROLES.map(
    (role) => `.wave-${role}{width:${rounded1(durationOf(role, context) * scale)}px}`,
  ).join('');
}

function lane(role: Role, context: PageContext): Markup | null {
  const { say, data } = context;
  const spoken = spokenOf(role, context);
  const durationS = durationOf(role, context);
  if (durationS === 0) return null;
  const hasWave = data.recordings[role] !== null;
  if (!hasWave && spoken === null) return null;
  const width = rounded1(durationS * pxPerSecond(longestOf(context)));
  return markup`<div
    class="scroll"
    role="region"
    tabindex="0"
    aria-label="${say('wave_region', { who: say(role) })}"
  >
    <div class="lane wave-${role}">
      <div class="lane-wave">
        ${hasWave ? markup`<div class="wave" data-wave="${role}"></div>` : null}${spoken === null ? null : pauseMarks(spoken.pauses, durationS)}
      </div>
      ${spoken === null ? null : wordLane(role, spoken, width, context)}
    </div>
  </div>`;
}

interface Spoken {
  words: (Interval & { label: string })[];
  pauses: (Interval & { after: string })[];
}

/** Words and pauses of a recording; null where they are not known. */
function spokenOf(role: Role, { words, data }: PageContext): Spoken | null {
  const heard = words.flatMap(({ label, index, ...word }) =>
    word[role] === null ? [] : [{ label, index, ...word[role] }],
  );
  if (heard.length === 0) return null;
  const pauses = heard.slice(1).flatMap((next, at) => {
    const before = heard[at];
    if (before === undefined) return [];
    const gapS = gapBetween(before, next, data.speech?.[role].gapsS);
    if (gapS === null || gapS < PAUSE_S) return [];
    const middleS = (before.endS + next.startS) / 2;
    return [{ startS: middleS - gapS / 2, endS: middleS + gapS / 2, after: before.label }];
  });
  return { words: heard, pauses };
}

/**
 * As the scorer measured it; without analyses, what lies between the words. Null where another word of
 * the sentence belongs between them, or one that is not in it: then nobody knows how much was silence.
 */
function gapBetween(
  before: Interval & { index: number | null },
  next: Interval & { index: number | null },
  gapsS: readonly number[] | undefined,
): number | null {
  if (before.index === null || next.index !== before.index + 1) return null;
  return gapsS?.[before.index] ?? Math.max(0, next.startS - before.endS);
}

/** Laid over the waveform, which may be wider or narrower than it was made for. */
function pauseMarks(pauses: Spoken['pauses'], durationS: number): Markup {
  return markup`<svg
    class="pause-marks"
    viewBox="0 0 1000 10"
    preserveAspectRatio="none"
    aria-hidden="true"
  >
    ${pauses.map(
      ({ startS, endS }) =>
        markup`<rect
          x="${rounded1((startS / durationS) * 1000)}"
          width="${rounded1(((endS - startS) / durationS) * 1000)}"
          height="10"
        />`,
    )}
  </svg>`;
}

function wordLane(
  role: Role,
  { words, pauses }: Spoken,
  width: number,
  context: PageContext,
): Markup {
  const { say, language } = context;
  const scale = pxPerSecond(longestOf(context));
  const labels = words.map(({ label, startS, endS }) => ({
    text: label,
    x: rounded1(((startS + endS) / 2) * scale),
  }));
  const rows = labelRows(labels);
  const height = 12 + ROW_PX * (Math.max(0, ...rows) + 1);
  const seconds = (value: number) => shownNumber(value, language, 2);
  const told = pauses.map(({ startS, endS, after }) =>
    say('pause_after', { seconds: seconds(endS - startS), word: after }),
  );
  const desc = say('wave_desc', {
    words: words.length,
    seconds: seconds(durationOf(role, context)),
    pauses: told.join(', ') || say('no_pauses'),
  });
  const id = `lane-${role}`;
  return markup`<svg
    class="word-lane"
    width="${width}"
    height="${height}"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-labelledby="${id}-title ${id}-desc"
  >
    <title id="${id}-title">${say('wave_title', { who: say(role) })}</title>
    <desc id="${id}-desc">${desc}</desc>
    ${words.map(({ startS, endS }) => markup`<line class="word-span" x1="${rounded1(startS * scale + 1)}" x2="${rounded1(endS * scale - 1)}" y1="3" y2="3" />`)}
    ${labels.map(({ text, x }, at) => markup`<text x="${x}" y="${18 + ROW_PX * (rows[at] ?? 0)}" text-anchor="middle" lang="en">${text}</text>`)}
    ${pauses.map(({ startS, endS }) => markup`<text class="pause-text" x="${rounded1(((startS + endS) / 2) * scale)}" y="18" text-anchor="middle">${seconds(endS - startS)}</text>`)}
  </svg>`;
}

/** Of the recording where it is there, else of what is known of it. */
function durationOf(role: Role, { data, words }: PageContext): number {
  const wav = data.recordings[role];
  if (wav !== null) return Math.max(0, (wav.byteLength - WAV_HEADER_BYTES) / WAV_BYTES_PER_S);
  const analysed = data.speech?.[role].durationS;
  return analysed ?? Math.max(0, ...words.map((word) => word[role]?.endS ?? 0));
}

/** The recordings of a report are 16 kHz mono of 16 bits. */
const WAV_HEADER_BYTES = 44;
const WAV_BYTES_PER_S = 32_000;

function longestOf(context: PageContext): number {
  return Math.max(...ROLES.map((role) => durationOf(role, context)));
}
