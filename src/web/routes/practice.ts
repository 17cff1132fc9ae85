/** The practice page. */
import { z } from 'zod';
import { appPage } from '../app-page.ts';
import { route, type Route } from '../route.ts';
import { language } from '../schemas.ts';

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
    handle: (call) =>
      appPage({ file: 'practice.js', title: 'practice_title', forTeachers: false }, call),
  }),
];
