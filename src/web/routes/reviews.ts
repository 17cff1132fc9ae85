/** Scores that wait for a teacher, and what is decided about them. */
import { z } from 'zod';
import type { ReviewDecision } from '../../contract/review.ts';
import { notFound } from '../find-scoring.ts';
import { Problem } from '../problems.ts';
import { route, signedIn, type Route } from '../route.ts';
import { lessonLine } from '../schemas.ts';
import { MOST_WAITING, reviewFor, reviewsFor, type LearnersReview } from '../reviews-for.ts';

const LISTED = 50;

const points = z.number().min(0).max(100);

const summary = z.looseObject({ overall: points.nullable() });

const waiting = z
  .object({
    scoringId: z.string(),
    userId: z.string(),
    lesson: lessonLine,
    because: z.string().meta({ description: 'The rule of the review policy that asks for it.' }),
    confidence: z.number(),
    before: summary,
    askedAt: z.string(),
    endsAt: z.string().meta({ description: 'From then on the score stands as it is.' }),
    links: z.object({ learnerRecording: z.string(), standardRecording: z.string() }),
  })
  .meta({ id: 'WaitingReview' });

const decision = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('accept') }),
    z.strictObject({
      kind: z.literal('override'),
      reason: z.string().trim().min(1).max(500).meta({
        description: 'Why. It stands in the history of the workflow: name nobody.',
      }),
      scores: z
        .strictObject({
          overall: points.optional(),
          accuracy: points.optional(),
          fluency: points.optional(),
          prosody: points.optional(),
        })
        .refine((scores) => Object.keys(scores).length > 0, 'must hold a score'),
    }),
  ])
  .meta({ id: 'ReviewDecision' });

export const reviewRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/api/v1/reviews',
    operationId: 'listReviews',
    summary: 'Scores that wait for a teacher, the least certain first',
    tag: 'reviews',
    access: ['teacher', 'operator'],
    answers: {
      200: {
        description: `At most ${LISTED}, of the first ${MOST_WAITING} that wait.`,
        schema: z.object({ reviews: z.array(waiting) }).meta({ id: 'WaitingReviews' }),
      },
    },
    problems: ['TEMPORAL_UNAVAILABLE'],
    async handle({ principal, deps, signal }) {
      const caller = signedIn({ principal });
      const reviews = await reviewsFor(caller, LISTED, deps, signal);
      return { status: 200, body: { reviews: reviews.map(withLinks) } };
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/reviews/{id}',
    operationId: 'decideReview',
    summary: 'Let the scores stand, or give others',
    tag: 'reviews',
    access: ['teacher', 'operator'],
    params: z.object({ id: z.string().regex(/^[0-9a-f]{64}$/) }),
    body: decision,
    answers: {
      200: {
        description: 'Decided.',
        schema: z
          .object({
            decision: z.enum(['accepted', 'overridden']),
            before: summary,
            after: summary,
          })
          .meta({ id: 'DecidedReview' }),
      },
    },
    problems: ['NOT_FOUND', 'CONFLICT', 'TEMPORAL_UNAVAILABLE'],
    async handle({ params: { id }, body, principal, deps, signal }) {
      const caller = signedIn({ principal });
      const found = await deps.reviews.find(id);
      if (found === null || (await reviewFor(caller, found, deps, signal)) === null) {
        throw notFound();
      }
      const decided = await deps.reviews.decide(
        id,
        decisionOf(body, deps.tokens.pseudonymOf(caller.userId)),
      );
      if ('refused' in decided) throw new Problem('CONFLICT', `Not taken: ${decided.refused}.`);
      return { status: 200, body: decided.answer };
    },
  }),
];

function withLinks(review: LearnersReview) {
  const self = `/api/v1/scorings/${review.scoringId}/recordings`;
  const links = { learnerRecording: `${self}/learner`, standardRecording: `${self}/standard` };
  return { ...review, links };
}

function decisionOf(body: z.infer<typeof decision>, reviewer: string): ReviewDecision {
  return body.kind === 'accept'
    ? { kind: 'accept', reviewer, reason: null }
    : {
        kind: 'override',
        reviewer,
        reason: body.reason,
        scores: Object.fromEntries(
          Object.entries(body.scores).filter(([, value]) => value !== undefined),
        ),
      };
}
