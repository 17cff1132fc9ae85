/** Starts and looks at scorings on behalf of a reconciliation; Temporal's errors become ours. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { ScoringStarter } from '../activities/ports.ts';
import { workflowIdFor, type ScorePronunciationInput } from '../contract.ts';
import { grpcCodeOf, translateTemporalError } from './temporal-errors.ts';
import { refusesEveryStart, startScoring } from './temporal.ts';

/** A start takes milliseconds; a server that takes longer is in trouble, and retrying is Temporal's. */
const CALL_WITHIN_MS = 10_000;

/** gRPC: what is asked for is wrong, however often it is asked. */
const INVALID_ARGUMENT = 3;

export function createScoringStarter(
  client: Client,
  taskQueue: string,
  callWithinMs = CALL_WITHIN_MS,
): ScoringStarter {
  const start = async (input: ScorePronunciationInput, again: boolean) => {
    const reuse = again ? 'ALLOW_DUPLICATE_FAILED_ONLY' : 'REJECT_DUPLICATE';
    try {
      return await startScoring(client, taskQueue, input, {
        origin: 'batch',
        reuse,
        deadlineMs: callWithinMs,
      });
    } catch (error) {
      if (grpcCodeOf(error) === INVALID_ARGUMENT && !refusesEveryStart(error))
        return 'refused' as const;
      throw translateTemporalError(error);
    }
  };
  return {
    start: (input) => start(input, false),
    restart: (input) => start(input, true),
    async standingOf(scoringId) {
      const handle = client.workflow.getHandle(workflowIdFor(scoringId));
      try {
        const deadline = Date.now() + callWithinMs;
        const { status } = await client.withDeadline(deadline, () => handle.describe());
        if (status.name === 'RUNNING') return 'running';
        return status.name === 'COMPLETED' ? 'completed' : 'failed';
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw translateTemporalError(error);
      }
    },
  };
}
