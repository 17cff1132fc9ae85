/** The first page: who is signed in, and where to go. */
import { escapeHtml, newNonce, page } from '../pages.ts';
import type { Principal } from '../principal.ts';
import { route, type Route } from '../route.ts';

export const homeRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/',
    operationId: 'home',
    summary: 'The first page',
    tag: 'pages',
    access: 'public',
    answers: { 200: { description: 'A page.' } },
    hidden: true,
    handle({ principal }) {
      const nonce = newNonce();
      return Promise.resolve(page(homePage(principal, nonce), { nonce }));
    },
  }),
];

function homePage(principal: Principal | null, nonce: string): string {
  const who =
    principal === null
      ? 'Nobody is signed in. Open the link that <code>elocute up</code> or <code>elocute token --link</code> prints.'
      : `Signed in as ${escapeHtml(principal.userId)} (${principal.role}).`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Elocute</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 1.05rem/1.6 system-ui, sans-serif; }
main { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }
</style>
</head>
<body>
<main>
<h1>Elocute</h1>
<p>${who}</p>
<p><a href="/api/v1/openapi.json">The HTTP API</a></p>
</main>
</body>
</html>
`;
}
