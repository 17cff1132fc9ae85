import { markup, type Markup } from './markup.ts';
import { shownDate, shownNumber, type ScoredContext } from './page-context.ts';

export const SCORES = ['accuracy', 'fluency', 'prosody', 'completeness'] as const;

const RING_RADIUS = 52;
const RING_LENGTH = 2 * Math.PI * RING_RADIUS;

/** The overall score large, the four others as bars with their numbers. */
export function scoresSection(context: ScoredContext): Markup {
  const { result, say, language } = context;
  const bars = SCORES.map((name) => {
    const value = result[name];
    return markup`<div class="score">
      <dt>${say(name)} <span class="quiet">${say(`${name}_means`)}</span></dt>
      <dd>
        ${bar(value)}<span class="number"
          >${
            value === null
              ? markup`<span class="none">${say('not_measured')}</span>`
              : shownNumber(value, language)
          }</span
        >
      </dd>
    </div>`;
  });
  return markup`<section class="card scores" aria-labelledby="scores-title">
    <h2 id="scores-title">${say('summary')}</h2>
    <div class="scores-body">
      <p class="overall">
        ${ring(result.overall)}<span class="overall-text"
          ><span class="overall-label">${say('overall')}</span>
          <span class="overall-number"
            >${
              result.overall === null
                ? markup`<span class="none">${say('not_measured')}</span>`
                : shownNumber(result.overall, language)
            }</span
          >${
            result.overall === null ? null : markup` <span class="quiet">${say('of_100')}</span>`
          }</span
        >
      </p>
      <dl class="score-list">${bars}</dl>
    </div>
    ${teacherNote(context)}
  </section>`;
}

/** Which of the scores are no machine's; who decided is not said. */
function teacherNote({ result: { teacher }, say, language }: ScoredContext): Markup | null {
  if (teacher === undefined) return null;
  const scores = teacher.scores.map((name) => say(name)).join(', ');
  const date = shownDate(teacher.decidedAtMs, language);
  return markup`<p class="quiet">${say('teacher_set', { scores, date })}</p>`;
}

function ring(value: number | null): Markup {
  const filled = ((value ?? 0) / 100) * RING_LENGTH;
  return markup`<svg class="ring" viewBox="0 0 120 120" aria-hidden="true">
    <circle class="ring-track" cx="60" cy="60" r="${RING_RADIUS}" />
    ${
      value === null
        ? null
        : markup`<circle
            class="ring-value"
            cx="60"
            cy="60"
            r="${RING_RADIUS}"
            transform="rotate(-90 60 60)"
            stroke-dasharray="${filled.toFixed(1)} ${RING_LENGTH.toFixed(1)}"
          />`
    }
  </svg>`;
}

/** The number stands beside it. */
function bar(value: number | null): Markup {
  return markup`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="bar-track" width="100" height="8" />
    ${value === null ? null : markup`<rect class="bar-value" width="${value}" height="8" />`}
  </svg>`;
}
