/** Runs of failed scorings in Temporal: looked at, reset to a step, started anew. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { taskQueuesOf } from '../contract.ts';
import type { ReplayRuns } from '../operate/replay-ports.ts';
import { grpcCodeOf, translateTemporalError } from './temporal-errors.ts';
import { onlyTellsFailure, resetPoint } from './reset-point.ts';
import { startScoring } from './temporal.ts';

/** Each takes milliseconds; all of a replay stay below what its claim is kept for. */
const CALL_WITHIN_MS = 10_000;

/** gRPC codes of a run that is gone, or that cannot be reset (any more): it is started anew. */
const NOT_RESETTABLE: readonly (number | null)[] = [3, 5, 9];
const NOT_FOUND = 5;

/** RESET_REAPPLY_EXCLUDE_TYPE_CANCEL_REQUEST: a cancelled run must not be cancelled again. */
const CANCEL_REQUEST = 4;

export function createReplayRuns(client: Client, taskQueue: string): ReplayRuns {
  const within = async <T>(call: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + CALL_WITHIN_MS, call);
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw error;
      throw translateTemporalError(error);
    }
  };
  const latestRun = async (workflowId: string) => {
    try {
      const { runId, status } = await within(() =>
        client.workflow.getHandle(workflowId).describe(),
      );
      return { runId, running: status.name === 'RUNNING' };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };
  return {
    async look({ workflowId }, from) {
      const latest = await latestRun(workflowId);
      if (latest === null) return { kind: 'gone' };
      const { runId, running } = latest;
      const events = await within(async () => {
        const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
        return history.events ?? [];
      }).catch((error: unknown) => {
        // Deleted between the two calls; here the client leaves the server's error as it is.
        if (error instanceof WorkflowNotFoundError || grpcCodeOf(error) === NOT_FOUND) return [];
        throw error;
      });
      // A reset ends that too: the outcome of the replay is news, the failure is not any more.
      if (running && !onlyTellsFailure(events)) return { kind: 'running' };
      const queue = events[0]?.workflowExecutionStartedEventAttributes?.taskQueue?.name;
      const point = resetPoint(events, from);
      // A reset run stays on its queue, where nobody may listen any more.
      if (point === null || queue !== taskQueuesOf(taskQueue).scoring) return { kind: 'gone' };
      const { step, workflowTaskFinishEventId } = point;
      return {
        kind: 'closed',
        runId,
        step,
        async reset({ reason, requestId }) {
          try {
            const answer = await client.withDeadline(Date.now() + CALL_WITHIN_MS, () =>
              client.workflowService.resetWorkflowExecution({
                namespace: client.options.namespace,
                workflowExecution: { workflowId, runId },
                reason,
                requestId,
                workflowTaskFinishEventId,
                // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the client does not export the enum
                resetReapplyExcludeTypes: [CANCEL_REQUEST],
              }),
            );
            return answer.runId;
          } catch (error) {
            if (NOT_RESETTABLE.includes(grpcCodeOf(error))) return null;
            throw translateTemporalError(error);
          }
        },
      };
    },
    async start({ input, workflowId }) {
      // Behind the learners who upload now: a replay may be one of thousands.
      const again = { reuse: 'ALLOW_DUPLICATE', origin: 'batch' } as const;
      const started = await within(() => startScoring(client, taskQueue, input, again));
      if (started === 'duplicate') return null;
      return (await latestRun(workflowId))?.runId ?? null;
    },
    async hasClosed(workflowId, runId) {
      try {
        const run = await within(() => client.workflow.getHandle(workflowId, runId).describe());
        return run.status.name !== 'RUNNING';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return true;
        throw error;
      }
    },
  };
}
