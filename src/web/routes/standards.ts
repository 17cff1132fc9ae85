/** Standard recordings that something is wrong with. */
import { z } from 'zod';
import { lessonOfStandardKey } from '../lesson-catalogue.ts';
import { lessonName, visibilityOf } from '../principal.ts';
import { route, signedIn, type Route } from '../route.ts';
import { lessonLine } from '../schemas.ts';

export const standardRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/standards/findings',
    operationId: 'listFindings',
    summary: 'Standard recordings that something is wrong with',
    tag: 'lessons',
    access: ['teacher', 'operator'],
    answers: {
      200: {
        description: 'By key; of a teacher’s lessons.',
        schema: z
          .object({
            standards: z.array(
              z.object({
                lesson: lessonLine.nullable(),
                version: z.string().nullable(),
                formulaVersion: z.string(),
                checkedAt: z.string(),
                findings: z.array(
                  z.looseObject({
                    code: z.string(),
                    message: z.object({ en: z.string(), ko: z.string() }),
                  }),
                ),
              }),
            ),
          })
          .meta({ id: 'Findings' }),
      },
    },
    cached: true,
    async handle({ principal, deps }) {
      const { lessons } = visibilityOf(signedIn({ principal }));
      const faulty = await deps.standards.faulty();
      const standards = faulty.map(({ key, version, findings, formulaVersion, checkedAt }) => {
        const lesson = lessonOfStandardKey(key, deps.settings.standardKeyRoot);
        return { lesson, version, formulaVersion, checkedAt, findings };
      });
      const seen = standards.filter(
        ({ lesson }) =>
          lessons === null || (lesson !== null && lessons.includes(lessonName(lesson))),
      );
      return { status: 200, body: { standards: seen } };
    },
  }),
];
