/** Running scorings as Temporal knows them: whose they are, and how far. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { PROGRESS_QUERY, type ScorePronunciationInput, type ScoringProgress } from '../contract.ts';
import type { ScoringWorkflows } from '../web/web-ports.ts';
import { grpcCodeOf, translateTemporalError } from './temporal-errors.ts';

/** Somebody waits in front of a page; the next look comes soon. */
const ANSWER_WITHIN_MS = 5000;
/** A worker answers within milliseconds; where there is none, the page is shown without. */
const QUERY_WITHIN_MS = 1500;
const NOT_FOUND = 5;
/** gRPC: cancelled, deadline exceeded, failed precondition (no worker yet), unavailable. */
const NO_ANSWER: readonly (number | null)[] = [1, 4, 9, 14];

export function createScoringWorkflows(client: Client): ScoringWorkflows {
  const within = <T>(signal: AbortSignal, ms: number, call: () => Promise<T>): Promise<T> =>
    client.withAbortSignal(signal, () => client.withDeadline(Date.now() + ms, call));
  return {
    async look(workflowId, signal) {
      try {
        return await within(signal, ANSWER_WITHIN_MS, async () => {
          const handle = client.workflow.getHandle(workflowId);
          const { runId, status } = await handle.describe();
          const input = await inputOf(client, workflowId, runId);
          return input === null ? null : { input, runId, running: status.name === 'RUNNING' };
        });
      } catch (error) {
        if (error instanceof WorkflowNotFoundError || grpcCodeOf(error) === NOT_FOUND) return null;
        signal.throwIfAborted();
        throw translateTemporalError(error);
      }
    },
    async progress(workflowId, signal) {
      try {
        return await within(signal, QUERY_WITHIN_MS, () =>
          client.workflow.getHandle(workflowId).query<ScoringProgress>(PROGRESS_QUERY),
        );
      } catch (error) {
        if (error instanceof WorkflowNotFoundError || grpcCodeOf(error) === NOT_FOUND) return null;
        if (error instanceof Error && error.name === 'QueryNotRegisteredError') return null;
        signal.throwIfAborted();
        if (NO_ANSWER.includes(grpcCodeOf(error))) return null;
        throw translateTemporalError(error);
      }
    },
  };
}

/** What it was started with stands in the first event; search attributes name nobody. */
async function inputOf(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<ScorePronunciationInput | null> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const payloads =
    history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const { payloadCodecs, payloadConverter } = client.options.loadedDataConverter;
  let decoded = payloads;
  for (const codec of [...payloadCodecs].reverse()) decoded = await codec.decode(decoded);
  const [first] = decoded;
  return first === undefined ? null : payloadConverter.fromPayload<ScorePronunciationInput>(first);
}
