/** What the scorings of a lesson, a class or a learner say together. */
import { z } from 'zod';
import { visibilityOf } from '../principal.ts';
import { route, signedIn, type Route } from '../route.ts';
import { filterFor, scoringFilter } from '../scoring-filter.ts';

const difficulty = z.object({
  name: z.string(),
  said: z.int(),
  missed: z.int(),
  score: z.number(),
});

export const insightRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/insights',
    operationId: 'getInsights',
    summary: 'The hardest words and sounds, the scores and how they move',
    description: 'Of the latest scorings that match and have scores, at most `most` of them.',
    tag: 'scorings',
    access: ['teacher', 'operator'],
    query: z.strictObject(scoringFilter),
    answers: {
      200: {
        description: 'Together.',
        schema: z
          .object({
            scored: z.int(),
            most: z.int(),
            learners: z.int(),
            overall: z.number().nullable(),
            distribution: z
              .array(z.int())
              .meta({ description: 'Overall scores of 0–9, 10–19, … 90–100.' }),
            words: z.array(difficulty),
            sounds: z
              .array(difficulty)
              .meta({ description: 'By ARPAbet name; `AH0` is the weak vowel of “about”.' }),
            progress: z.array(z.object({ day: z.string(), scored: z.int(), overall: z.number() })),
          })
          .meta({ id: 'Insights' }),
      },
    },
    cached: true,
    async handle({ query, principal, deps }) {
      const caller = signedIn({ principal });
      const insights = await deps.insights.of(filterFor(caller, query), visibilityOf(caller));
      return { status: 200, body: insights };
    },
  }),
];
