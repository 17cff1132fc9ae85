/** The first page: who is signed in, and where to go. */
import { newNonce, page } from '../pages.ts';
import { plainPage } from '../plain-page.ts';
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
      ? 'Nobody is signed in. Open the link that elocute up or elocute token --link prints.'
      : `Signed in as ${principal.userId} (${principal.role}).`;
  const links = [
    ...(principal === null ? [] : [{ href: '/practice', text: 'Practice' }]),
    ...(principal === null || principal.role === 'learner'
      ? []
      : [{ href: '/teacher', text: 'Teacher’s view' }]),
    { href: '/api/v1/openapi.json', text: 'The HTTP API' },
  ];
  return plainPage({ nonce, title: 'Elocute', paragraphs: [who], links });
}
