/** The first page: who is signed in, and where to go. */
import { z } from 'zod';
import { sayIn } from '../messages/message.ts';
import { newNonce, page } from '../pages.ts';
import { plainPage } from '../plain-page.ts';
import type { Principal } from '../principal.ts';
import { route, type Route } from '../route.ts';
import { language } from '../schemas.ts';
import { spokenLanguage, type PageLanguage } from '../spoken-language.ts';

export const homeRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/',
    operationId: 'home',
    summary: 'The first page',
    tag: 'pages',
    access: 'public',
    knowsCaller: true,
    query: z.looseObject({ lang: language.catch(undefined) }),
    answers: { 200: { description: 'A page.' } },
    hidden: true,
    handle({ query, headers, principal, deps }) {
      const nonce = newNonce();
      const preset = deps.settings.language;
      const spoken = spokenLanguage({ wanted: query.lang, headers, preset });
      return Promise.resolve(page(homePage(principal, nonce, spoken), { nonce }));
    },
  }),
];

function homePage(principal: Principal | null, nonce: string, spoken: PageLanguage): string {
  const say = sayIn(spoken);
  const role = principal === null ? '' : say(`role_${principal.role}`);
  const who =
    principal === null ? say('sign_in_do') : say('signed_in_as', { user: principal.userId, role });
  const links = [
    ...(principal === null ? [] : [{ href: '/practice', text: say('practice_title') }]),
    ...(principal === null || principal.role === 'learner'
      ? []
      : [{ href: '/teacher', text: say('teacher_title') }]),
    { href: '/api/v1/openapi.json', text: say('http_api') },
  ];
  return plainPage({ nonce, language: spoken, title: 'Elocute', paragraphs: [who], links });
}
