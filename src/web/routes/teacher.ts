/** The teacher's view. */
import { z } from 'zod';
import { appPage } from '../app-page.ts';
import { route, type Route } from '../route.ts';
import { language } from '../schemas.ts';

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
    handle: (call) =>
      appPage({ file: 'teacher.js', title: 'teacher_title', forTeachers: true }, call),
  }),
];
