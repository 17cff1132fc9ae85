/** How the workflow calls its activities. */
import { proxyActivities, workflowInfo, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { taskQueuesOf, type ScorePronunciationInput } from '../contract.ts';

/** Which scoring, which run: what both outcomes are stored under. */
export function identityOf(input: ScorePronunciationInput) {
  const { workflowId, runId, startTime } = workflowInfo();
  const { scoringId, upload, lesson } = input;
  return { scoringId, upload, lesson, workflowId, runId, startedAtMs: startTime.getTime() };
}

/** The activities under one policy, each kind of work on its own queue. */
export function activities(
  options: ActivityOptions,
  summary: string,
  queue: 'scoring' | 'speech' | 'audio' = 'scoring',
) {
  const taskQueue = taskQueuesOf(workflowInfo().taskQueue)[queue];
  return proxyActivities<Activities>({ ...options, summary, taskQueue });
}
