/** Temporal: connections, and the idempotent start. */
import { createHash } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import {
  Client,
  Connection,
  isGrpcServiceError,
  NamespaceNotFoundError,
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
  summaryOf,
  taskQueuesOf,
  workflowIdFor,
  type ScorePronunciationInput,
} from '../contract.ts';
import { lacksSearchAttribute } from './temporal-search-attributes.ts';

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

export interface StartOptions {
  /** `batch`: nobody waits for it, and it stays behind whatever somebody waits for. */
  origin?: ScoringOrigin;
  /** May a closed workflow of the same upload run again? Absent: no. */
  reuse?: WorkflowIdReusePolicy;
  /** Longer is no answer. */
  deadlineMs?: number;
}

export type ScoringOrigin = 'upload' | 'batch';

/** Milliseconds when all is well; a server that needs longer has more than it can do. */
const START_DEADLINE_MS = 5000;
/** 1 comes first, 5 last, 3 is what Temporal gives to whoever says nothing. */
const PRIORITY: Record<ScoringOrigin, number> = { upload: 2, batch: 4 };

/**
 * Starts the scoring of an upload; "already started", running or closed, is success. The workflow id
 * is the cheap guarantee while Temporal retains the run; the database's key is the lasting one.
 */
export async function startScoring(
  client: Client,
  taskQueue: string,
  input: ScorePronunciationInput,
  {
    origin = 'upload',
    reuse = 'REJECT_DUPLICATE',
    deadlineMs = START_DEADLINE_MS,
  }: StartOptions = {},
): Promise<'started' | 'duplicate'> {
  const { lesson } = input;
  const start = () =>
    client.workflow.start(SCORE_PRONUNCIATION, {
      taskQueue: taskQueuesOf(taskQueue).scoring,
      workflowId: workflowIdFor(input.scoringId),
      workflowIdReusePolicy: reuse,
      staticSummary: summaryOf(lesson),
      // Its activities inherit it.
      priority: { priorityKey: PRIORITY[origin], fairnessKey: fairnessKeyOf(input.userId) },
      staticDetails: explanationOf(input.scoringId),
      typedSearchAttributes: new TypedSearchAttributes([
        { key: attribute.contentType, value: lesson.contentType },
        { key: attribute.level, value: lesson.level },
        { key: attribute.lesson, value: lessonAttribute(lesson) },
      ]),
      args: [input],
    });
  try {
    await client.withDeadline(Date.now() + deadlineMs, start);
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'duplicate';
    throw error;
  }
}

/** One learner's uploads take turns with the others'. A digest: the key is stored in clear. */
export function fairnessKeyOf(userId: string): string {
  return createHash('sha256').update(userId).digest('hex').slice(0, 12);
}

/**
 * True where Temporal, or the way to it, refuses every start now (down, overloaded, no access, a
 * namespace without our search attributes): waiting helps. False where it is this start that it cannot take.
 */
export function refusesEveryStart(error: unknown): boolean {
  const cause = error instanceof Error && 'cause' in error ? error.cause : undefined;
  const failure = [error, cause].find(isGrpcServiceError);
  if (failure === undefined) return error instanceof NamespaceNotFoundError;
  if (lacksSearchAttribute(failure)) return true;
  return failure.code !== status.INVALID_ARGUMENT && failure.code !== status.OUT_OF_RANGE;
}

/**
 * Limits how many activities a second the server gives out from a queue, to all workers together.
 * False where this cluster does not let us: older servers, or no permission.
 */
export async function limitActivityRate(
  { workflowService }: Pick<Connection, 'workflowService'>,
  queue: { namespace: string; taskQueue: string; perSecond: number },
): Promise<boolean> {
  try {
    await workflowService.updateTaskQueueConfig({
      namespace: queue.namespace,
      taskQueue: queue.taskQueue,
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- its enum is in a package that is no dependency of ours
      taskQueueType: ACTIVITY_QUEUE,
      identity: 'elocute',
      updateQueueRateLimit: {
        rateLimit: { requestsPerSecond: queue.perSecond },
        reason: 'what the speech service takes',
      },
    });
    return true;
  } catch (error) {
    const code = isGrpcServiceError(error) ? error.code : undefined;
    if (code === status.UNIMPLEMENTED || code === status.PERMISSION_DENIED) return false;
    throw error;
  }
}

/** TASK_QUEUE_TYPE_ACTIVITY of Temporal's protocol. */
const ACTIVITY_QUEUE = 2;
