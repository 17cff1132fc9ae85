/** The practice page. */
import { z } from 'zod';
import { addressOfFile } from '../browser-files.ts';
import { sayIn } from '../messages/message.ts';
import { newNonce, page } from '../pages.ts';
import { route, type Route } from '../route.ts';
import { language } from '../schemas.ts';
import { appShell, signInPage } from '../shell.ts';
import { spokenLanguage } from '../spoken-language.ts';
import { storageOrigins } from '../storage-origins.ts';

export const practiceRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/practice',
    operationId: 'practice',
    summary: 'Choose a sentence, record it, read the report',
    tag: 'pages',
    access: 'public',
    knowsCaller: true,
    query: z.looseObject({ lang: language.catch(undefined) }),
    answers: { 200: { description: 'A page.' }, 401: { description: 'How to sign in.' } },
    hidden: true,
    async handle({ query, headers, principal, deps }) {
      const { settings } = deps;
      const nonce = newNonce();
      const preset = settings.language;
      const spoken = spokenLanguage({ wanted: query.lang, headers, preset });
      if (principal === null) return page(signInPage(nonce, spoken), { nonce, status: 401 });
      const title = sayIn(spoken)('practice_title');
      const { role, userId } = principal;
      const html = appShell({ nonce, language: spoken, title }, 'practice.js', {
        role,
        userId,
        language: spoken,
        maxSeconds: settings.maxSeconds,
        contentTypes: settings.contentTypes,
        recorder: addressOfFile('recorder.js'),
      });
      return page(html, { nonce, storage: await storageOrigins(deps) });
    },
  }),
];
