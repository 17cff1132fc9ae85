import { markup, type Markup } from './markup.ts';
import type { PageContext } from './page-context.ts';

/** The lesson line, and its sentence as the page's heading. */
export function headerSection({ data: { scoring }, say }: PageContext): Markup {
  const { sentence, lesson } = scoring;
  return markup`<header class="page-header">
    <p class="lesson">${say('lesson', { ...lesson })}</p>
    ${
      sentence === null
        ? markup`<h1>${say('no_sentence')}</h1>`
        : markup`<h1 lang="en">${sentence}</h1>`
    }
  </header>`;
}
