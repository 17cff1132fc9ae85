/** Runs workflows and activities until it is told to stop. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import {
  connectTemporal,
  temporalAddressOf,
  missingSearchAttributes,
  connectionOptionsOf,
} from './adapters/temporal.ts';
import { ensureReconcileSchedules } from './adapters/temporal-schedules.ts';
import { openDependencies } from './adapters/worker-dependencies.ts';
import { workflowBundle } from './adapters/workflow-bundle.ts';
import { loadConfig, type Config } from './config.ts';
import { searchAttributes, taskQueuesOf } from './contract.ts';
import { createLog } from './log.ts';
import { isMain, runMain } from './main-process.ts';

/** Time for activities in hand to finish on SIGTERM; an alignment of 60 s needs up to 24 s. */
const SHUTDOWN_GRACE = '25 seconds';
/** After that, whatever still runs is left to its retry elsewhere. */
const SHUTDOWN_FORCE = '40 seconds';

export interface RunningWorker {
  /** Ends when the worker has stopped; rejects when it failed. */
  done: Promise<void>;
  stop(): void;
}

/** `open`: what the activities need from outside. */
export async function startWorker(
  config: Config,
  open: typeof openDependencies = openDependencies,
): Promise<RunningWorker> {
  const address = temporalAddressOf(config);
  await prepareNamespace(config);
  const dependencies = await open(config);
  try {
    const connection = await NativeConnection.connect(connectionOptionsOf(address));
    const queues = taskQueuesOf(config.TEMPORAL_TASK_QUEUE);
    const common = {
      connection,
      namespace: config.TEMPORAL_NAMESPACE,
      activities: createActivities(dependencies.activities),
      shutdownGraceTime: SHUTDOWN_GRACE,
      shutdownForceTime: SHUTDOWN_FORCE,
    } as const;
    const workers = await Promise.all([
      Worker.create({
        ...common,
        taskQueue: queues.scoring,
        workflowBundle: await workflowBundle(),
      }),
      Worker.create({
        ...common,
        taskQueue: queues.speech,
        maxConcurrentActivityTaskExecutions: config.SPEECH_CONCURRENCY,
      }),
      Worker.create({
        ...common,
        taskQueue: queues.audio,
        // One more than threads: the next recording is fetched while the last is computed.
        maxConcurrentActivityTaskExecutions: config.ANALYSIS_THREADS + 1,
      }),
    ]);
    const stop = () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    return { done: runAll(workers, stop, [connection, dependencies]), stop };
  } catch (error) {
    await dependencies.close();
    throw error;
  }
}

/** Ends when all workers have ended; one that fails stops the others, and its error is passed on. */
async function runAll(
  workers: Worker[],
  stop: () => void,
  resources: { close(): Promise<void> }[],
): Promise<void> {
  const runs = workers.map((worker) =>
    worker.run().catch((error: unknown) => {
      stop();
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(runs);
  for (const resource of resources) await resource.close();
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function prepareNamespace(config: Config): Promise<void> {
  const client = await connectTemporal(temporalAddressOf(config));
  try {
    await checkSearchAttributes(client);
    await ensureReconcileSchedules(client, {
      taskQueue: config.TEMPORAL_TASK_QUEUE,
      everyMinutes: config.RECONCILE_EVERY_MINUTES,
      lookBackHours: config.RECONCILE_LOOK_BACK_HOURS,
      graceMinutes: config.RECONCILE_GRACE_MINUTES,
      maxStarts: config.RECONCILE_MAX_STARTS,
    });
  } finally {
    await client.connection.close();
  }
}

/** A workflow that sets an unknown search attribute is stuck for ever: refuse to start instead. */
async function checkSearchAttributes(
  client: Awaited<ReturnType<typeof connectTemporal>>,
): Promise<void> {
  const missing = await missingSearchAttributes(client);
  if (missing.length === 0) return;
  const commands = missing.map((name) => {
    const type = searchAttributes[name as keyof typeof searchAttributes];
    return `temporal operator search-attribute create --name ${name} --type ${type}`;
  });
  throw new Error(`The namespace lacks search attributes. Run:\n  ${commands.join('\n  ')}`);
}

if (isMain(import.meta.url)) {
  await runMain(async (stopped) => {
    const config = loadConfig(process.env);
    const log = createLog('worker', config.LOG_LEVEL);
    Runtime.install({
      logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
        log[level === 'ERROR' ? 'error' : 'warn']({ sdk: meta }, message);
      }),
      shutdownSignals: [],
    });
    const worker = await startWorker(config);
    stopped.addEventListener('abort', () => worker.stop());
    log.info({ taskQueue: config.TEMPORAL_TASK_QUEUE }, 'worker runs');
    process.send?.('ready');
    await worker.done;
    log.info('worker stopped');
  });
}
