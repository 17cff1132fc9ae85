import { markup, type Markup } from './markup.ts';
import type { PageContext } from './page-context.ts';

const SHORT_ID = 12;

const VERSIONS = [
  'formula',
  'model',
  'recogniser',
  'pitch',
  'aligner',
  'standardPitch',
  'standardAligner',
] as const;

/** What the report is not for, when it was made, and by which versions. */
export function aboutSection({ data: { scoring, result }, say, language }: PageContext): Markup {
  const date = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(scoring.finishedAtMs);
  const versions = VERSIONS.flatMap((name) => {
    const version = result?.versions?.[name] ?? null;
    return version === null
      ? []
      : [
          markup`<div>
            <dt>${say(`version_${name}`)}</dt>
            <dd>${version}</dd>
          </div>`,
        ];
  });
  return markup`<footer class="about">
    <h2>${say('about')}</h2>
    <p>${say('disclaimer')}</p>
    <p class="quiet">
      ${say('made_on', { date: `${date} UTC` })} ·
      ${say('scoring_id', { id: scoring.id.slice(0, SHORT_ID) })}
    </p>
    ${
      versions.length === 0
        ? null
        : markup`<details class="computed"><summary>${say('versions')}</summary>
    <dl class="versions">${versions}</dl></details>`
    }
  </footer>`;
}
