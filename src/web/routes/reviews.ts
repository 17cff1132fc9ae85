/** Scores that wait for a teacher, and what is decided about them. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { workflowIdFor } from '../../contract.ts';
import type { ReviewDecision } from '../../contract/review.ts';
import { notFound } from '../find-scoring.ts';
import { maySee, visibilityOf, type Principal } from '../principal.ts';
import { Problem } from '../problems.ts';
import { route, signedIn, type Route } from '../route.ts';
import { lessonLine } from '../schemas.ts';
import type { WaitingReview, WebDependencies } from '../web-ports.ts';

/** Each is looked up, as only its workflow knows whose voice it is. */
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
        description: `At most ${LISTED}.`,
        schema: z.object({ reviews: z.array(waiting) }).meta({ id: 'WaitingReviews' }),
      },
    },
    problems: ['TEMPORAL_UNAVAILABLE'],
    async handle({ principal, deps, signal }) {
      const caller = signedIn({ principal });
      const found = await deps.reviews.waiting(visibilityOf(caller), LISTED);
      const shown = await Promise.all(found.map((one) => shownTo(caller, one, deps, signal)));
      return { status: 200, body: { reviews: shown.filter((one) => one !== null) } };
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
      if (found === null || (await shownTo(caller, found, deps, signal)) === null) throw notFound();
      const decided = await deps.reviews.decide(id, decisionOf(body, caller));
      if ('refused' in decided) throw new Problem('CONFLICT', `Not taken: ${decided.refused}.`);
      return { status: 200, body: decided.answer };
    },
  }),
];

/** Null where it waits no more, or is none of theirs. */
async function shownTo(
  caller: Principal,
  review: WaitingReview,
  { workflows }: WebDependencies,
  signal: AbortSignal,
) {
  const { scoringId, lesson } = review;
  const workflow = await workflows.look(workflowIdFor(scoringId), signal);
  if (workflow?.running !== true) return null;
  const { userId } = workflow.input;
  if (!maySee(caller, { userId, lesson })) return null;
  const self = `/api/v1/scorings/${scoringId}/recordings`;
  const links = { learnerRecording: `${self}/learner`, standardRecording: `${self}/standard` };
  return { ...review, userId, links };
}

function decisionOf(body: z.infer<typeof decision>, { userId }: Principal): ReviewDecision {
  const reviewer = pseudonymOf(userId);
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

/** The same for the same teacher, and no name: it stands in the history of the workflow. */
function pseudonymOf(userId: string): string {
  return `t-${createHash('sha256').update(userId).digest('hex').slice(0, 12)}`;
}
