/** Temporal: connections, the idempotent start, and the check that a namespace is ready. */
import {
  Client,
  Connection,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowClientInterceptor,
} from '@temporalio/client';
import {
  defineSearchAttributeKey,
  TypedSearchAttributes,
  type WorkflowIdReusePolicy,
} from '@temporalio/common';
import type { Config } from '../config.ts';
import {
  explanationOf,
  lessonAttribute,
  SCORE_PRONUNCIATION,
  searchAttributes,
  summaryOf,
  taskQueuesOf,
  workflowIdFor,
  type ScorePronunciationInput,
} from '../contract.ts';

export function temporalAddressOf(config: Config): TemporalAddress {
  return {
    address: config.TEMPORAL_ADDRESS,
    namespace: config.TEMPORAL_NAMESPACE,
    apiKey: config.TEMPORAL_API_KEY,
    tls: config.TEMPORAL_TLS,
  };
}

export interface TemporalAddress {
  address: string;
  namespace: string;
  apiKey: string | undefined;
  tls: boolean;
}

/** What client and worker connections have in common. */
export function connectionOptionsOf({ address, apiKey, tls }: TemporalAddress) {
  return {
    address,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(apiKey !== undefined || tls ? { tls: true } : {}),
  };
}

export async function connectTemporal(
  temporal: TemporalAddress,
  interceptors: WorkflowClientInterceptor[] = [],
): Promise<Client> {
  const connection = await Connection.connect(connectionOptionsOf(temporal));
  const { namespace } = temporal;
  return new Client({ connection, namespace, interceptors: { workflow: interceptors } });
}

const attribute = {
  contentType: defineSearchAttributeKey('ElocuteContentType', 'KEYWORD'),
  level: defineSearchAttributeKey('ElocuteLevel', 'INT'),
  lesson: defineSearchAttributeKey('ElocuteLesson', 'KEYWORD'),
};

/**
 * Starts the scoring of an upload; "already started", running or closed, is success. The workflow id
 * is the cheap guarantee while Temporal retains the run; the database's key is the lasting one.
 */
export async function startScoring(
  client: Client,
  taskQueue: string,
  input: ScorePronunciationInput,
  reuse: WorkflowIdReusePolicy = 'REJECT_DUPLICATE',
): Promise<'started' | 'duplicate'> {
  const { lesson } = input;
  try {
    await client.workflow.start(SCORE_PRONUNCIATION, {
      taskQueue: taskQueuesOf(taskQueue).scoring,
      workflowId: workflowIdFor(input.scoringId),
      workflowIdReusePolicy: reuse,
      staticSummary: summaryOf(lesson),
      staticDetails: explanationOf(input.scoringId),
      typedSearchAttributes: new TypedSearchAttributes([
        { key: attribute.contentType, value: lesson.contentType },
        { key: attribute.level, value: lesson.level },
        { key: attribute.lesson, value: lessonAttribute(lesson) },
      ]),
      args: [input],
    });
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'duplicate';
    throw error;
  }
}

/** Search attributes that the namespace lacks; a workflow that sets one of them would be stuck. */
export async function missingSearchAttributes(client: Client): Promise<string[]> {
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
    namespace: client.options.namespace,
  });
  return Object.keys(searchAttributes).filter((name) => !(name in customAttributes));
}
