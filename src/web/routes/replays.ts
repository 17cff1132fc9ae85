/** Replays of failed scorings, as `elocute replay` does them. */
import { z } from 'zod';
import { isEmptyFilter, type ReplayableScoring } from '../../operate/failed-scorings.ts';
import { planReplays, type PlannedReplay } from '../../operate/plan-replays.ts';
import { replayMany } from '../../operate/replay-many.ts';
import type { ReplayEnd, ReplayPorts } from '../../operate/replay-ports.ts';
import { helplessCodes } from '../../operate/replay-refusal.ts';
import { Problem } from '../problems.ts';
import { route, signedIn, type Route } from '../route.ts';
import { contentType, failureCode, lessonLine, scoringId, time, title } from '../schemas.ts';

/** So many are done before the answer: a few seconds. */
const MOST = 50;
const PER_SECOND = 10;

const filter = z.strictObject({
  codes: z.array(failureCode).min(1).max(20).optional(),
  contentType: contentType.optional(),
  level: z.int().min(0).max(9999).optional(),
  title: title.optional(),
  line: z.int().min(0).max(99_999).optional(),
  since: time.optional(),
  until: time.optional(),
});

const wish = z
  .strictObject({
    ids: z.array(scoringId).min(1).max(MOST).optional(),
    filter: filter.optional(),
    dryRun: z.boolean().default(false).meta({ description: 'Say what would be done.' }),
    limit: z.int().min(1).max(MOST).default(20).meta({
      description: 'The oldest first, of those that a replay can help (`force`: of all).',
    }),
    from: z.enum(['failed', 'lesson']).default('failed'),
    force: z.boolean().default(false),
    reason: z.string().max(500).optional(),
  })
  .refine(({ ids, filter: given }) => (ids === undefined) !== (given === undefined), {
    path: ['ids'],
    message: 'give either ids or a filter',
  })
  .refine(({ filter: given }) => given === undefined || !isEmptyFilter(defined(given)), {
    path: ['filter'],
    message: 'a filter without any condition would mean everything',
  })
  .meta({ id: 'ReplayWish' });

const answer = z
  .object({
    dryRun: z.boolean(),
    replays: z.array(
      z.object({
        scoringId: z.string(),
        lesson: lessonLine,
        code: z.string().nullable(),
        outcome: z.enum(['planned', 'started', 'refused', 'failed']),
        how: z.enum(['reset', 'new run']).nullable(),
        step: z.string().nullable().meta({ description: 'Runs again first.' }),
        note: z.string().nullable(),
      }),
    ),
    more: z.boolean().meta({
      description: 'More match than the limit: the same request goes on with them.',
    }),
  })
  .meta({ id: 'Replays' });

export const replayRoutes: Route[] = [
  route({
    method: 'POST',
    path: '/api/v1/replays',
    operationId: 'replayScorings',
    summary: 'Score failed recordings once more',
    description:
      'From the step that failed, after its cause is mended. Nothing that is kept is computed or paid again. Each stands in the audit (elocute.replay) with the caller’s `sub`.',
    tag: 'operations',
    access: ['operator'],
    body: wish,
    answers: { 200: { description: 'What was done, or would be.', schema: answer } },
    problems: ['NOT_FOUND', 'TEMPORAL_UNAVAILABLE'],
    async handle({ body, principal, deps, signal }) {
      const { from, force, dryRun } = body;
      const ports = deps.replays;
      const { chosen, more } = await chosenBy(body, ports);
      const shown: z.infer<typeof answer>['replays'] = [];
      if (dryRun) {
        const plan = await planReplays(chosen, ports.runs, { from, force, lookAt: MOST });
        shown.push(...plan.map((one) => ({ ...shownOf(one.scoring), ...plannedAs(one) })));
      } else {
        const { userId: requestedBy } = signedIn({ principal });
        const reason = body.reason ?? null;
        await replayMany(chosen, { from, force, reason, requestedBy }, ports, {
          perSecond: PER_SECOND,
          // Whoever asked has gone: what was started goes on, no more is started.
          signal,
          onReplay: (scoring, end) => shown.push({ ...shownOf(scoring), ...endedAs(end) }),
        });
      }
      return { status: 200, body: { dryRun, replays: shown, more } };
    },
  }),
];

async function chosenBy(
  { ids, filter: given, limit, force }: z.infer<typeof wish>,
  { scorings }: ReplayPorts,
): Promise<{ chosen: ReplayableScoring[]; more: boolean }> {
  if (given !== undefined) {
    const found = await scorings.toReplay(defined(given), limit + 1, helplessCodes(force));
    return { chosen: found.slice(0, limit), more: found.length > limit };
  }
  const chosen = new Map<string, ReplayableScoring>();
  for (const id of ids ?? []) {
    const [scoring] = await scorings.find(id);
    if (scoring === undefined)
      throw new Problem('NOT_FOUND', `No scoring that has ended is ${id}.`);
    chosen.set(scoring.scoringId, scoring);
  }
  return { chosen: [...chosen.values()], more: false };
}

/** Without what was not given. */
function defined(given: z.infer<typeof filter>) {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  const { since, until, ...rest } = Object.fromEntries(entries) as typeof given;
  const utc = (at: string) => new Date(at).toISOString();
  return {
    ...(rest as Record<string, never>),
    ...(since === undefined ? {} : { since: utc(since) }),
    ...(until === undefined ? {} : { until: utc(until) }),
  };
}

function shownOf({ scoringId: id, lesson, code }: ReplayableScoring) {
  return { scoringId: id, lesson, code };
}

function plannedAs(one: PlannedReplay) {
  switch (one.kind) {
    case 'refused':
      return { outcome: 'refused' as const, how: null, step: null, note: one.why };
    case 'not looked at':
      return { outcome: 'planned' as const, how: null, step: null, note: null };
    case 'reset':
    case 'new run':
      return { outcome: 'planned' as const, how: one.kind, step: one.step, note: null };
  }
}

function endedAs(end: ReplayEnd) {
  if (end.outcome === 'started') {
    return { outcome: end.outcome, how: end.how, step: end.step, note: null };
  }
  return { outcome: end.outcome, how: null, step: null, note: end.note };
}
