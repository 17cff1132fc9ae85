/** Runs workflows and activities until it is told to stop. */
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { activityMetrics } from './adapters/activity-metrics.ts';
import { openObservation, unobserved, type Observation } from './adapters/open-observation.ts';
import { requireSearchAttributes } from './adapters/temporal-search-attributes.ts';
import {
  connectTemporal,
  limitActivityRate,
  temporalAddressOf,
  connectionOptionsOf,
} from './adapters/temporal.ts';
import { ensureReconcileSchedules } from './adapters/temporal-schedules.ts';
import { deploymentOptionsOf } from './adapters/temporal-deployment.ts';
import { openDependencies, type AnalysisOverrides } from './adapters/worker-dependencies.ts';
import { workflowBundle } from './adapters/workflow-bundle.ts';
import { loadConfig, type Config } from './config.ts';
import { taskQueuesOf } from './contract.ts';
import { createLog, type Log } from './log.ts';
import { isMain, runMain } from './main-process.ts';
import { measureLoopDelay } from './observe/loop-delay.ts';
import { observedDependencies } from './observe/observed-dependencies.ts';

/** Time for activities in hand to finish on SIGTERM; an alignment of 60 s needs up to 24 s. */
const SHUTDOWN_GRACE = '25 seconds';
/** After that, whatever still runs is left to its retry elsewhere. */
const SHUTDOWN_FORCE = '40 seconds';

const LOOP_DELAY_EVERY_MS = 60_000;

export interface RunningWorker {
  /** Ends when the worker has stopped; rejects when it failed. */
  done: Promise<void>;
  stop(): void;
}

export interface WorkerOptions {
  /** Absent: nothing is logged. */
  log?: Log;
  analysis?: AnalysisOverrides;
}

export async function startWorker(
  config: Config,
  observation: Observation = unobserved,
  { log = createLog('worker', 'silent'), analysis = {} }: WorkerOptions = {},
): Promise<RunningWorker> {
  const address = temporalAddressOf(config);
  await prepareNamespace(config);
  const dependencies = await openDependencies(config, {
    analysis,
    onTrouble: (error) => {
      log.warn({ err: error }, 'the rate of speech calls stays as it is; will try again');
    },
  });
  try {
    const connection = await NativeConnection.connect(connectionOptionsOf(address));
    const queues = taskQueuesOf(config.TEMPORAL_TASK_QUEUE);
    const common = {
      connection,
      namespace: config.TEMPORAL_NAMESPACE,
      activities: createActivities(
        observedDependencies(dependencies.activities, {
          meter: observation.meter,
          // A recogniser of one's own sends no bill.
          speechCostPerMinute: config.SPEECH_KIND === 'google' ? config.SPEECH_COST_PER_MINUTE : 0,
          threadLoad: dependencies.threadLoad,
        }),
      ),
      ...observersOf(observation),
      // The same on all queues: a build that is given workflows is given their activities too.
      ...deploymentOptionsOf(config),
      shutdownGraceTime: SHUTDOWN_GRACE,
      shutdownForceTime: SHUTDOWN_FORCE,
    } as const;
    const workers = await Promise.all([
      Worker.create({
        ...common,
        taskQueue: queues.scoring,
        workflowBundle: await workflowBundle(observation.tracing ? 'traced' : 'plain'),
      }),
      Worker.create({
        ...common,
        taskQueue: queues.speech,
        maxConcurrentActivityTaskExecutions: config.SPEECH_CONCURRENCY,
        // Together with all other workers; what the throttle tells the server goes before it.
        maxTaskQueueActivitiesPerSecond: config.SPEECH_RATE_PER_SECOND,
      }),
      Worker.create({
        ...common,
        taskQueue: queues.audio,
        // One more than threads: the next recording is fetched while the last is computed.
        maxConcurrentActivityTaskExecutions: config.ANALYSIS_THREADS + 1,
      }),
    ]);
    await dependencies.speechThrottle.start((perSecond) =>
      limitActivityRate(connection, {
        namespace: config.TEMPORAL_NAMESPACE,
        taskQueue: queues.speech,
        perSecond,
      }),
    );
    const stop = () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    return { done: runAll(workers, stop, [connection, dependencies]), stop };
  } catch (error) {
    await dependencies.close();
    throw error;
  }
}

function observersOf({ meter, tracing }: Observation) {
  const counting = activityMetrics(meter);
  if (tracing === undefined) return { interceptors: { activity: [counting] } };
  return { interceptors: { activity: [counting, tracing.activity] }, sinks: tracing.sinks };
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
    // A workflow that sets an unknown one is stuck for ever: refuse to start instead.
    await requireSearchAttributes(client);
    await ensureReconcileSchedules(client, {
      taskQueue: config.TEMPORAL_TASK_QUEUE,
      everyMinutes: config.RECONCILE_EVERY_MINUTES,
      lookBackHours: config.RECONCILE_LOOK_BACK_HOURS,
      graceMinutes: config.RECONCILE_GRACE_MINUTES,
      maxStarts: config.RECONCILE_MAX_STARTS,
      notBefore: config.RECONCILE_NOT_BEFORE,
    });
  } finally {
    await client.connection.close();
  }
}

if (isMain(import.meta.url)) {
  await runMain(async (stopped) => {
    const config = loadConfig(process.env);
    const log = createLog('worker', config.LOG_LEVEL);
    const observation = await openObservation(config, 'worker');
    Runtime.install({
      telemetryOptions: observation.telemetry,
      logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
        log[level === 'ERROR' ? 'error' : 'warn']({ sdk: meta }, message);
      }),
      shutdownSignals: [],
    });
    const worker = await startWorker(config, observation, { log });
    const loopDelay = measureLoopDelay();
    const report = setInterval(() => {
      log.debug(loopDelay.read(), 'event-loop delay of the last minute');
    }, LOOP_DELAY_EVERY_MS);
    report.unref();
    stopped.addEventListener('abort', () => worker.stop());
    const { metricsUrl } = observation;
    log.info(
      { taskQueue: config.TEMPORAL_TASK_QUEUE, metricsUrl, build: config.WORKER_BUILD_ID },
      'worker runs',
    );
    process.send?.('ready');
    await worker.done.finally(() => observation.close());
    log.info('worker stopped');
  });
}
