/** A page of a few words: what is shown where there is nothing else to show. */
import { escapeHtml } from './pages.ts';

export interface PlainPage {
  nonce: string;
  title: string;
  /** Text, a paragraph each. */
  paragraphs: readonly string[];
  links?: readonly { href: string; text: string }[];
  /** Asks again by itself after so many seconds. */
  refreshS?: number;
}

export function plainPage({ nonce, title, paragraphs, links = [], refreshS }: PlainPage): string {
  const refresh =
    refreshS === undefined ? '' : `\n<meta http-equiv="refresh" content="${refreshS}">`;
  const lines = [
    ...paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`),
    ...links.map(
      ({ href, text }) => `<p><a href="${escapeHtml(href)}">${escapeHtml(text)}</a></p>`,
    ),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">${refresh}
<title>${escapeHtml(title)}</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
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
