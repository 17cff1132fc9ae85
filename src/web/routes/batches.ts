/** Batches that compute scores anew, as `elocute rescore` and `elocute batch` do. */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { BatchProgress, BatchSource } from '../../batches/batch.ts';
import { describeSource } from '../../batches/describe-source.ts';
import { DEFAULT_LIMITS, limitProblems } from '../../batches/limits.ts';
import { Problem } from '../problems.ts';
import { route, signedIn, type Route } from '../route.ts';
import { contentType, time, title } from '../schemas.ts';
import type { BatchChange, BatchRow } from '../web-ports.ts';

/** As `elocute rescore` has them. */
const PAGE_SIZE = 500;
const EVENTS_PER_RUN = 2000;
const LISTED = 50;
const MOST_IDS = 100;

const operators = ['operator'] as const;

const batchId = z.string().regex(/^[0-9a-f]{12}$/);

const tolerance = z.object({
  count: z.int().min(0).nullable().default(null),
  percent: z.number().min(0).max(100).nullable().default(null),
});

const limits = z
  .strictObject({
    concurrency: z.int().min(1).max(100).optional(),
    tolerance: tolerance.optional(),
    maxMove: z.number().min(0).max(100).optional(),
    chunkSize: z.int().min(1).max(500).optional(),
  })
  .meta({ id: 'BatchLimits' });

const source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ids'),
    ids: z
      .array(z.string().regex(/^[0-9a-f]{64}$/))
      .min(1)
      .max(MOST_IDS),
  }),
  z.strictObject({ kind: z.literal('prefix'), prefix: z.string().max(900) }),
  z.strictObject({
    kind: z.literal('filter'),
    filter: z.strictObject({
      contentType: contentType.optional(),
      level: z.int().min(0).max(9999).optional(),
      title: title.optional(),
      line: z.int().min(0).max(99_999).optional(),
      since: time.optional(),
      until: time.optional(),
      outdated: z.boolean().optional(),
    }),
    all: z.literal(true).optional().meta({ description: 'Needed where the filter is empty.' }),
  }),
]);

const newBatch = z
  .strictObject({
    source,
    dryRun: z.boolean().default(false).meta({ description: 'Compute and report, change nothing.' }),
    acceptMoves: z.boolean().default(false),
    limits: limits.optional(),
    reason: z.string().max(500).optional(),
  })
  .refine(
    ({ source: given }) =>
      given.kind !== 'filter' || given.all === true || Object.keys(given.filter).length > 0,
    { path: ['source', 'filter'], message: 'an empty filter means everything: say `all` too' },
  )
  .meta({ id: 'NewBatch' });

const change = z
  .strictObject({
    action: z.enum(['pause', 'resume', 'cancel']).optional(),
    limits: limits.optional(),
  })
  .refine(({ action, limits: given }) => (action === undefined) !== (given === undefined), {
    path: ['action'],
    message: 'give either an action or limits',
  })
  .meta({ id: 'BatchChange' });

const batch = z
  .object({
    id: z.string(),
    workflowId: z.string(),
    status: z.string(),
    dryRun: z.boolean(),
    what: z.string(),
    reason: z.string().nullable(),
    requestedBy: z.string(),
    formula: z.string().nullable(),
    model: z.string().nullable(),
    total: z.int(),
    counts: z.looseObject({}).nullable(),
    failureCode: z.string().nullable(),
    results: z.string().nullable(),
    createdAt: z.string().nullable(),
    endedAt: z.string().nullable(),
    progress: z.looseObject({}).nullable(),
    report: z.looseObject({}).nullable(),
    links: z.object({ self: z.string() }),
  })
  .meta({ id: 'Batch' });

const PATH = '/api/v1/batches';

export const batchRoutes: Route[] = [
  route({
    method: 'POST',
    path: PATH,
    operationId: 'startBatch',
    summary: 'Compute scores anew from kept analyses',
    tag: 'operations',
    access: operators,
    body: newBatch,
    answers: {
      202: {
        description: 'It runs.',
        schema: z
          .object({
            id: z.string(),
            workflowId: z.string(),
            links: z.object({ self: z.string() }),
          })
          .meta({ id: 'StartedBatch' }),
      },
    },
    problems: ['TEMPORAL_UNAVAILABLE'],
    async handle({ body, principal, deps }) {
      const id = randomBytes(6).toString('hex');
      const given = sourceOf(body.source, deps.settings.userBucket);
      const input = {
        batchId: id,
        source: given,
        dryRun: body.dryRun,
        acceptMoves: body.acceptMoves,
        limits: { ...DEFAULT_LIMITS, ...checkedLimits(body.limits ?? {}) },
        reason: body.reason ?? null,
        requestedBy: signedIn({ principal }).userId,
        pageSize: PAGE_SIZE,
        eventsPerRun: EVENTS_PER_RUN,
      };
      const summary = `rescore${body.dryRun ? ' (dry run)' : ''} · ${describeSource(given)}`;
      const workflowId = await deps.batches.start(input, summary);
      const self = `${PATH}/${id}`;
      return {
        status: 202,
        headers: { location: self },
        body: { id, workflowId, links: { self } },
      };
    },
  }),
  route({
    method: 'GET',
    path: PATH,
    operationId: 'listBatches',
    summary: 'The latest batches',
    tag: 'operations',
    access: operators,
    answers: {
      200: {
        description: 'The latest first.',
        schema: z.object({ batches: z.array(batch) }).meta({ id: 'Batches' }),
      },
    },
    async handle({ deps }) {
      const rows = await deps.batches.list(LISTED);
      return { status: 200, body: { batches: rows.map((row) => shown(row, null)) } };
    },
  }),
  route({
    method: 'GET',
    path: `${PATH}/{id}`,
    operationId: 'getBatch',
    summary: 'A batch with its progress or its report',
    tag: 'operations',
    access: operators,
    params: z.object({ id: batchId }),
    answers: { 200: { description: 'As it stands.', schema: batch } },
    problems: ['NOT_FOUND', 'TEMPORAL_UNAVAILABLE'],
    async handle({ params: { id }, deps }) {
      const row = await deps.batches.find(id);
      if (row !== null) {
        const progress = row.status === 'running' ? await deps.batches.progress(id) : null;
        return { status: 200, body: shown(row, progress) };
      }
      // Its row is written by its first step.
      const progress = await deps.batches.progress(id);
      if (progress === null) throw new Problem('NOT_FOUND', 'No batch has this id.');
      return { status: 200, body: begun(id, progress) };
    },
  }),
  route({
    method: 'PATCH',
    path: `${PATH}/{id}`,
    operationId: 'changeBatch',
    summary: 'Pause, resume, cancel a batch, or change its limits',
    tag: 'operations',
    access: operators,
    params: z.object({ id: batchId }),
    body: change,
    answers: { 204: { description: 'It has taken the change.' } },
    problems: ['CONFLICT', 'TEMPORAL_UNAVAILABLE'],
    async handle({ params: { id }, body, deps }) {
      const refusal = await deps.batches.change(id, changeOf(body));
      if (refusal !== null) throw new Problem('CONFLICT', `${refusal}.`);
      return { status: 204 };
    },
  }),
];

function sourceOf(given: z.infer<typeof source>, bucket: string): BatchSource {
  switch (given.kind) {
    case 'ids':
      return { kind: 'ids', ids: [...new Set(given.ids)] };
    case 'prefix':
      return { kind: 'prefix', bucket, prefix: given.prefix };
    case 'filter':
      return { kind: 'filter', filter: withoutUndefined(given.filter) };
  }
}

function changeOf({ action, limits: given }: z.infer<typeof change>): BatchChange {
  if (action !== undefined) return { kind: action };
  return { kind: 'set', limits: checkedLimits(given ?? {}) };
}

function checkedLimits(given: z.infer<typeof limits>) {
  const wanted = withoutUndefined(given);
  const problems = limitProblems(wanted);
  if (problems.length === 0) return wanted;
  const fields = problems.map((message) => ({ field: 'body.limits', message }));
  throw new Problem('REQUEST_INVALID', `${problems.join('; ')}.`, { fields });
}

type Given<T> = { [Name in keyof T]: Exclude<T[Name], undefined> };

function withoutUndefined<T extends object>(given: T): Given<T> {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<T>;
}

function shown(row: BatchRow, progress: BatchProgress | null) {
  const { source: from, counts, ...rest } = row;
  return {
    ...rest,
    what: describeSource(from),
    counts: counts ?? progress?.counts ?? null,
    progress,
    links: { self: `${PATH}/${row.id}` },
  };
}

function begun(id: string, progress: BatchProgress) {
  return {
    id,
    workflowId: `batch-${id}`,
    status: progress.status,
    dryRun: progress.dryRun,
    what: '',
    reason: null,
    requestedBy: '',
    formula: null,
    model: null,
    total: progress.total,
    counts: progress.counts,
    failureCode: null,
    results: null,
    createdAt: null,
    endedAt: null,
    progress,
    report: null,
    links: { self: `${PATH}/${id}` },
  };
}
