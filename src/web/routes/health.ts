/** Whether the process lives, and whether it can do its work. */
import { z } from 'zod';
import { route, type Route, type WebState } from '../route.ts';
import type { WebDependencies } from '../web-ports.ts';

const CHECK_WITHIN_MS = 3000;
/** However often it is asked, what stands behind is asked once in so long. */
const FRESH_MS = 1000;

const health = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });
const readiness = z
  .object({
    status: z.enum(['ready', 'not ready', 'stopping']),
    checks: z.record(z.string(), z.enum(['ok', 'no answer'])),
  })
  .meta({ id: 'Readiness' });

type Checks = Record<string, 'ok' | 'no answer'>;

const latest = new WeakMap<WebState, { atMs: number; checks: Promise<Checks> }>();

function checksOf(deps: WebDependencies, state: WebState): Promise<Checks> {
  const known = latest.get(state);
  const nowMs = performance.now();
  if (known !== undefined && nowMs - known.atMs < FRESH_MS) return known.checks;
  const checks = runChecks(deps, state);
  latest.set(state, { atMs: nowMs, checks });
  return checks;
}

async function runChecks({ checks }: WebDependencies, { log }: WebState): Promise<Checks> {
  const entries = Object.entries(checks).map(async ([name, check]) => {
    const signal = AbortSignal.timeout(CHECK_WITHIN_MS);
    const late = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('no answer in time')));
    });
    try {
      await Promise.race([check(signal), late]);
      return [name, 'ok'] as const;
    } catch (error) {
      log.warn({ err: error, check: name }, 'not ready');
      return [name, 'no answer'] as const;
    }
  });
  return Object.fromEntries(await Promise.all(entries));
}

export const healthRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/healthz',
    operationId: 'getHealth',
    summary: 'Whether the process lives',
    tag: 'service',
    access: 'public',
    unlimited: true,
    answers: { 200: { description: 'It does.', schema: health } },
    // While it is being stopped, it answers nobody any more.
    handle: () => Promise.resolve({ status: 200, body: { status: 'ok' } }),
  }),
  route({
    method: 'GET',
    path: '/readyz',
    operationId: 'getReadiness',
    summary: 'Whether database, Temporal and object store answer',
    tag: 'service',
    access: 'public',
    unlimited: true,
    answers: {
      200: { description: 'All do.', schema: readiness },
      503: { description: 'One does not, or the process is being stopped.', schema: readiness },
    },
    async handle({ deps, state }) {
      const checks = await checksOf(deps, state);
      const ready = Object.values(checks).every((one) => one === 'ok');
      const stopping = state.stopping.aborted;
      const status = stopping ? 'stopping' : ready ? 'ready' : 'not ready';
      return { status: status === 'ready' ? 200 : 503, body: { status, checks } };
    },
  }),
];
