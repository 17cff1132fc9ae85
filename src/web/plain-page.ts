/** A page of a few words: what is shown where there is nothing else to show. */
import { escapeHtml } from './pages.ts';
import type { PageLanguage } from './spoken-language.ts';

export interface PlainPage {
  nonce: string;
  language: PageLanguage;
  title: string;
  /** Text, a paragraph each. */
  paragraphs: readonly string[];
  links?: readonly { href: string; text: string }[];
  /** Asks again by itself after so many seconds. */
  refreshS?: number;
  /** What it asks for then; default: the same again. */
  refreshTo?: string;
}

export function plainPage(given: PlainPage): string {
  const { nonce, language, title, paragraphs, links = [], refreshS, refreshTo } = given;
  const refresh =
    refreshS === undefined
      ? ''
      : `\n<meta http-equiv="refresh" content="${refreshS}${refreshTo === undefined ? '' : `; url=${escapeHtml(refreshTo)}`}">`;
  const lines = [
    ...paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`),
    ...links.map(
      ({ href, text }) => `<p><a href="${escapeHtml(href)}">${escapeHtml(text)}</a></p>`,
    ),
  ];
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${refresh}
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">
html { color-scheme: light dark; background: Canvas; color: CanvasText; font: 1.05rem/1.6 system-ui, sans-serif; }
main { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${lines.join('\n')}
</main>
</body>
</html>
`;
}
