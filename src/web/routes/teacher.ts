/** The teacher's view. */
import { z } from 'zod';
import { addressOfFile } from '../browser-files.ts';
import { sayIn } from '../messages/message.ts';
import { newNonce, page } from '../pages.ts';
import { route, type Route } from '../route.ts';
import { language } from '../schemas.ts';
import { appShell, noAccessPage, signInPage } from '../shell.ts';
import { spokenLanguage } from '../spoken-language.ts';
import { storageOrigins } from '../storage-origins.ts';

export const teacherRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/teacher',
    operationId: 'teacher',
    summary: 'The scores of lessons, classes and learners',
    tag: 'pages',
    access: 'public',
    knowsCaller: true,
    query: z.looseObject({ lang: language.catch(undefined) }),
    answers: {
      200: { description: 'A page.' },
      401: { description: 'How to sign in.' },
      403: { description: 'It is for teachers.' },
    },
    hidden: true,
    async handle({ query, headers, principal, deps }) {
      const { settings } = deps;
      const nonce = newNonce();
      const preset = settings.language;
      const spoken = spokenLanguage({ wanted: query.lang, headers, preset });
      if (principal === null) return page(signInPage(nonce, spoken), { nonce, status: 401 });
      if (principal.role === 'learner') {
        return page(noAccessPage(nonce, spoken), { nonce, status: 403 });
      }
      const title = sayIn(spoken)('teacher_title');
      const { role, userId } = principal;
      const html = appShell({ nonce, language: spoken, title }, 'teacher.js', {
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
