/** The schedules that run reconciliations: made or brought up to date, whoever does it how often. */
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
} from '@temporalio/client';
import { taskQueuesOf } from '../contract.ts';
import {
  RECONCILE_UPLOADS,
  reconcileSummaryOf,
  type ReconcileUploadsInput,
} from '../contract/reconciliation.ts';

export interface ReconcileSchedules {
  taskQueue: string;
  /** 0: no schedules. */
  everyMinutes: number;
  lookBackHours: number;
  graceMinutes: number;
  maxStarts: number;
  /** Uploads from before this are another system's. */
  notBefore: Date | undefined;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Everything is listed when few learners are awake between Seoul and Europe: 18:30 UTC. */
const DAILY_AT_MS = 18.5 * HOUR_MS;
/** The daily run sees every upload three times with its version, and then never asks S3 again. */
const EXACT_LOOK_BACK_MS = 3 * DAY_MS;
const MOST_JITTER_MS = MINUTE_MS;

interface Plan {
  scheduleId: string;
  everyMs: number;
  offsetMs: number;
  input: ReconcileUploadsInput;
}

/**
 * Safe with many workers at once: the first creates, the others find it as it should be. What an
 * operator has set (a pause with its note) stays; only what the configuration says is updated.
 */
export async function ensureReconcileSchedules(
  client: Client,
  options: ReconcileSchedules,
): Promise<void> {
  for (const plan of plansOf(options)) {
    if (options.everyMinutes === 0) await remove(client, plan.scheduleId);
    else await ensure(client, plan, options.taskQueue);
  }
}

/** Ids of the two: the frequent one that looks back a little, and the daily one over everything. */
export function scheduleIdsOf(taskQueue: string): { recent: string; all: string } {
  return { recent: `${taskQueue}-reconcile`, all: `${taskQueue}-reconcile-all` };
}

function plansOf(options: ReconcileSchedules): Plan[] {
  const { everyMinutes, lookBackHours, graceMinutes, maxStarts, notBefore } = options;
  const ids = scheduleIdsOf(options.taskQueue);
  const common = {
    graceMs: graceMinutes * MINUTE_MS,
    dryRun: false,
    maxStarts,
    ...(notBefore === undefined ? {} : { notBeforeMs: notBefore.getTime() }),
  };
  return [
    {
      scheduleId: ids.recent,
      everyMs: everyMinutes * MINUTE_MS,
      offsetMs: 0,
      input: { ...common, lookBackMs: lookBackHours * HOUR_MS, exactLookBackMs: null },
    },
    {
      scheduleId: ids.all,
      everyMs: DAY_MS,
      offsetMs: DAILY_AT_MS,
      input: { ...common, lookBackMs: null, exactLookBackMs: EXACT_LOOK_BACK_MS },
    },
  ];
}

async function ensure(client: Client, plan: Plan, taskQueue: string): Promise<void> {
  const { scheduleId } = plan;
  const definition = definitionOf(plan, taskQueue);
  try {
    await client.schedule.create({ scheduleId, ...definition });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const handle = client.schedule.getHandle(scheduleId);
    if (isAsPlanned(await handle.describe(), plan, taskQueue)) return;
    await handle.update(({ state }) => ({ ...definition, state }));
  }
}

function definitionOf({ scheduleId, everyMs, offsetMs, input }: Plan, taskQueue: string) {
  return {
    spec: {
      intervals: [{ every: everyMs, offset: offsetMs }],
      // Many installations in one namespace must not all list their buckets in the same second.
      jitter: Math.min(MOST_JITTER_MS, everyMs / 4),
    },
    policies: {
      overlap: ScheduleOverlapPolicy.SKIP,
      // One missed run is made up for when the server is back; older ones would find the same.
      catchupWindow: everyMs,
    },
    action: {
      type: 'startWorkflow' as const,
      workflowType: RECONCILE_UPLOADS,
      workflowId: scheduleId,
      taskQueue: taskQueuesOf(taskQueue).scoring,
      staticSummary: reconcileSummaryOf(input),
      args: [input],
    },
  };
}

function isAsPlanned(found: ScheduleDescription, plan: Plan, taskQueue: string): boolean {
  const { spec, policies, action } = definitionOf(plan, taskQueue);
  const [interval] = found.spec.intervals ?? [];
  const wanted = [
    [plan.everyMs, plan.offsetMs, spec.jitter],
    [policies.overlap, policies.catchupWindow],
    [action.workflowType, action.taskQueue, sorted(plan.input)],
  ];
  const present = [
    [interval?.every, interval?.offset, found.spec.jitter],
    [found.policies.overlap, found.policies.catchupWindow],
    [found.action.workflowType, found.action.taskQueue, sorted(found.action.args?.[0])],
  ];
  return JSON.stringify(present) === JSON.stringify(wanted);
}

function sorted(input: unknown): unknown {
  return Object.entries(input ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function remove(client: Client, scheduleId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
