/** The real starter against servers of a test's own, with real Temporal and no worker. */
import { loadConfig } from '../../src/config.ts';
import { workflowIdFor, type ObjectRef, type ScorePronunciationInput } from '../../src/contract.ts';
import { createLog } from '../../src/log.ts';
import { startStarter, type RunningStarter } from '../../src/starter.ts';
import { scoringIdOf } from '../../src/uploads/scoring-id.ts';
import { freshName, temporalClient, temporalServer } from './services.ts';

export interface AloneStarter {
  counts: RunningStarter['counts'];
  /** Waits for the workflow of an object version, reads its input, and ends it. */
  startedFor(object: ObjectRef): Promise<ScorePronunciationInput>;
  hasStarted(object: ObjectRef): Promise<boolean>;
  close(): Promise<void>;
}

/** `keys`: whom the AWS clients in it act as; they read the environment, as in production. */
export async function startAlone(
  environment: Record<string, string>,
  keys: { accessKeyId: string; secretAccessKey: string },
): Promise<AloneStarter> {
  process.env['AWS_ACCESS_KEY_ID'] = keys.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = keys.secretAccessKey;
  const [{ address }, client] = await Promise.all([temporalServer(), temporalClient()]);
  const config = loadConfig({
    TEMPORAL_ADDRESS: address,
    TEMPORAL_TASK_QUEUE: freshName('alone'),
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/unused',
    // Filters of its own off: whatever gets here has passed the store's.
    UPLOAD_SUFFIX: '',
    ...environment,
  });
  const stop = new AbortController();
  const starter = await startStarter(config, createLog('starter', 'silent'), stop.signal);
  const handleOf = (object: ObjectRef) =>
    client.workflow.getHandle(workflowIdFor(scoringIdOf(object)));
  const hasStarted = async (object: ObjectRef): Promise<boolean> => {
    try {
      await handleOf(object).describe();
      return true;
    } catch (error) {
      if (error instanceof Error && error.name === 'WorkflowNotFoundError') return false;
      throw error;
    }
  };
  return {
    counts: starter.counts,
    hasStarted,
    async startedFor(object) {
      while (!(await hasStarted(object)));
      const { events = [] } = await handleOf(object).fetchHistory();
      const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
      const text = Buffer.from(payload?.data ?? []).toString();
      // Nobody works on it: a workflow without a worker would stay open.
      await handleOf(object).terminate('seen');
      return JSON.parse(text) as ScorePronunciationInput;
    },
    async close() {
      stop.abort();
      await starter.done;
    },
  };
}
