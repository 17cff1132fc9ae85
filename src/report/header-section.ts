import { markup, type Markup } from './markup.ts';
import type { PageContext, PageLink } from './page-context.ts';

/** The lesson line, and its sentence as the page's heading. */
export function headerSection({ data: { scoring }, say, links }: PageContext): Markup {
  const { sentence, lesson } = scoring;
  return markup`<header class="page-header">
    <p class="lesson">${say('lesson', { ...lesson })}</p>
    ${
      sentence === null
        ? markup`<h1>${say('no_sentence')}</h1>`
        : markup`<h1 lang="en">${sentence}</h1>`
    }
    ${links.length === 0 ? null : markup`<nav class="page-links">${links.map(pageLink)}</nav>`}
  </header>`;
}

function pageLink({ href, text, language }: PageLink): Markup {
  return language === undefined
    ? markup`<a href="${href}">${text}</a>`
    : markup`<a href="${href}" lang="${language}" hreflang="${language}">${text}</a>`;
}
