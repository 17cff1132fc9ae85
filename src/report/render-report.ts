import { createHash } from 'node:crypto';
import type { Language } from '../scoring/messages/message.ts';
import { aboutSection } from './about-section.ts';
import { adviceSection } from './advice-section.ts';
import { browserFiles } from './browser-files.ts';
import { computedSection } from './computed-section.ts';
import { figuresSection } from './figures-section.ts';
import { headerSection } from './header-section.ts';
import { markup, scriptJson, verbatim, type Markup } from './markup.ts';
import { melodySection } from './melody-section.ts';
import { sayIn } from './messages/message.ts';
import { noticeSection, standardSection } from './notice-section.ts';
import type { PageContext, PageLink } from './page-context.ts';
import { PAGE_DATA_ID, type PageData } from './page-data.ts';
import { recordingsSection, waveWidths } from './recordings-section.ts';
import type { ReportData } from './report-data.ts';
import { reportPolicy } from './report-policy.ts';
import { reportWords } from './report-words.ts';
import { rhythmSection } from './rhythm-section.ts';
import { scoresSection } from './scores-section.ts';
import { wordsSection } from './words-section.ts';

/**
 * The report as one HTML document that needs nothing else: styles, code and recordings are in it, and
 * its policy lets no request leave the machine. Pure but for the page's own code and styles, which
 * are read once. Equal data give equal pages. `links`: where a served page leads.
 */
export function renderReport(
  data: ReportData,
  language: Language,
  links: readonly PageLink[] = [],
): string {
  const say = sayIn(language);
  const context = { data, language, say, words: reportWords(data), links };
  const { script, style: sheet } = browserFiles();
  const style = sheet + waveWidths(context);
  const { learner, standard } = data.recordings;
  const recordings = { learner: base64(learner), standard: base64(standard) };
  // As hard to guess as the recordings: only the waveforms' own styles need it.
  const styleNonce = digest(JSON.stringify([data.scoring, recordings]));
  const pageData: PageData = { styleNonce, recordings };
  const { lesson } = data.scoring;
  // What stands in style and script must be exactly what the policy has the digest of.
  return markup`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="${reportPolicy({ script, style, styleNonce })}"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${say('page_title', { title: lesson.title, line: lesson.line })}</title>
        <link rel="icon" href="data:," />
        <style>${verbatim(style)}</style>
      </head>
      <body>
        <main>${headerSection(context)} ${body(context)}</main>
        ${aboutSection(context)}
        <script type="application/json" id="${PAGE_DATA_ID}">${scriptJson(pageData)}</script>
        <script>${verbatim(script)}</script>
      </body>
    </html> `.text;
}

function body(context: PageContext): Markup {
  const { result } = context.data;
  const notice = noticeSection(context);
  if (result?.attempt.kind !== 'ok')
    return markup`${notice}${standardSection(context)}${recordingsSection(context)}`;
  const scored = { ...context, result };
  return markup`${notice} ${scoresSection(scored)} ${adviceSection(scored)} ${standardSection(scored)}
  ${wordsSection(scored)} ${recordingsSection(scored)} ${melodySection(scored)}
  ${rhythmSection(scored)} ${figuresSection(scored)} ${computedSection(scored)}`;
}

function base64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
