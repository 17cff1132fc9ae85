/** The HTML around pages that are drawn in the browser, and the pages for who may not see them. */
import { markup, scriptJson, type Markup } from '../report/markup.ts';
import { addressOfFile, type BrowserFile } from './browser-files.ts';
import { sayIn, type Say } from './messages/message.ts';
import { PAGE_SETTINGS_ID, type PageSettings } from './page-settings.ts';

export interface Shell {
  nonce: string;
  language: 'en' | 'ko';
  title: string;
}

/** Empty until its code has run; the code draws into `#page`. */
export function appShell(shell: Shell, file: BrowserFile, settings: PageSettings): string {
  const { nonce, language } = shell;
  return htmlOf(
    shell,
    markup`<div id="page"></div>
<noscript><p class="page-header">${sayIn(language)('needs_script')}</p></noscript>
<script type="application/json" id="${PAGE_SETTINGS_ID}" nonce="${nonce}">${scriptJson(settings)}</script>
<script src="${addressOfFile(file)}" nonce="${nonce}" defer></script>`,
  );
}

export function signInPage(nonce: string, language: 'en' | 'ko'): string {
  const say = sayIn(language);
  const text = markup`<main><div class="page-header"><h1>${say('sign_in')}</h1></div>
<div class="card"><p>${say('sign_in_do')}</p></div></main>`;
  return htmlOf({ nonce, language, title: say('sign_in') }, text);
}

export function noAccessPage(nonce: string, language: 'en' | 'ko'): string {
  const say: Say = sayIn(language);
  const text = markup`<main><div class="page-header"><h1>${say('no_access')}</h1></div>
<div class="card"><p>${say('no_access_do')} <a href="/practice">${say('to_practice')}</a></p></div></main>`;
  return htmlOf({ nonce, language, title: say('no_access') }, text);
}

function htmlOf({ nonce, language, title }: Shell, body: Markup): string {
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · Elocute</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${addressOfFile('pages.css')}" nonce="${nonce}">
</head>
<body>
${body}
</body>
</html>
`.text;
}
