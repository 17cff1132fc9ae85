/** Takes upload events, from a queue and by HTTP, and starts one workflow for each upload. */
import { once, setMaxListeners } from 'node:events';
import { openObservation, unobserved, type Observation } from './adapters/open-observation.ts';
import { createObjectStore, createS3Client } from './adapters/s3.ts';
import { isStartOutage } from './adapters/start-outage.ts';
import { requireSearchAttributes } from './adapters/temporal-search-attributes.ts';
import { createDeadLetterSink } from './adapters/sqs-dead-letters.ts';
import { openQueueDepths } from './adapters/sqs-depths.ts';
import { openUploadQueue } from './adapters/sqs.ts';
import { connectTemporal, startScoring, temporalAddressOf } from './adapters/temporal.ts';
import { uploadFilterOf } from './adapters/upload-filter.ts';
import { loadConfig, type Config } from './config.ts';
import { createLog, type Log } from './log.ts';
import { isMain, runMain } from './main-process.ts';
import type { DeadLetterSink } from './uploads/dead-letters.ts';
import { noUploads, type EventDependencies, type UploadCounts } from './uploads/handle-event.ts';
import { createRequestHandler, type RequestDependencies } from './uploads/handle-request.ts';
import { observedQueue } from './observe/observed-queue.ts';
import { observeCounts, tracedStart } from './observe/observed-uploads.ts';
import { createPoller } from './uploads/poll-uploads.ts';
import { startWebhook } from './uploads/webhook.ts';

export interface RunningStarter {
  counts: UploadCounts;
  done: Promise<void>;
}

/** One question about one object; the event comes again where it takes longer. */
const DESCRIBE_WITHIN_MS = 10_000;

export async function startStarter(
  config: Config,
  log: Log,
  stopped: AbortSignal,
  observation: Observation = unobserved,
): Promise<RunningStarter> {
  const { meter, tracer, tracing } = observation;
  const counts = noUploads();
  observeCounts(counts, meter);
  const closes: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closes.splice(0).reverse()) await one();
  };
  try {
    const client = await connectTemporal(
      temporalAddressOf(config),
      tracing === undefined ? [] : [tracing.client],
    );
    closes.push(() => client.connection.close());
    // Each start would be refused, and every upload would end in the dead letters.
    await requireSearchAttributes(client);
    const s3 = createS3Client({ region: config.AWS_REGION, endpoint: config.S3_ENDPOINT });
    closes.push(() => s3.destroy());
    const objects = createObjectStore(s3);
    // A start that hangs would keep the process from ending until its deadline.
    const abandon = new AbortController();
    setMaxListeners(0, abandon.signal);
    closes.push(() => abandon.abort());
    const deps: EventDependencies = {
      filter: uploadFilterOf(config),
      start: tracedStart(
        (input) =>
          client.withAbortSignal(abandon.signal, () =>
            startScoring(client, config.TEMPORAL_TASK_QUEUE, input),
          ),
        tracer,
      ),
      describe: (object) => objects.describe(object, AbortSignal.timeout(DESCRIBE_WITHIN_MS)),
      log,
    };
    const deadLetters = openDeadLetters(config);
    if (deadLetters !== null) closes.push(() => deadLetters.close());
    const all = { ...deps, deadLetters, isOutage: isStartOutage };
    const poller = await openPoller(config, all, counts, { closes, meter });
    const webhook = await openWebhook(config, all, counts);
    const run = async (): Promise<void> => {
      const closed = webhook && aborted(stopped).then(() => webhook.close());
      await Promise.all([poller?.run(stopped), closed]);
    };
    return { counts, done: run().finally(close) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Null where events come by HTTP only, and SQS may be nowhere. */
function openDeadLetters(config: Config): DeadLetterSink | null {
  if (config.UPLOAD_QUEUE === '') return null;
  return createDeadLetterSink({
    region: config.AWS_REGION,
    endpoint: config.SQS_ENDPOINT,
    queueName: config.UPLOAD_DEAD_LETTER_QUEUE,
  });
}

/** Null where events come by HTTP only. */
async function openPoller(
  config: Config,
  { deadLetters, ...deps }: RequestDependencies,
  counts: UploadCounts,
  { closes, meter }: { closes: (() => void)[]; meter: Observation['meter'] },
) {
  if (deadLetters === null) return null;
  const address = { region: config.AWS_REGION, endpoint: config.SQS_ENDPOINT };
  const queue = await openUploadQueue({ ...address, queueName: config.UPLOAD_QUEUE });
  closes.push(() => queue.close());
  const depths = openQueueDepths({ ...address, queueName: config.UPLOAD_QUEUE });
  closes.push(() => depths.close());
  const observed = observedQueue(queue, () => depths.read(), meter);
  return createPoller(
    {
      ...deps,
      queue: observed,
      deadLetters,
      concurrency: config.STARTER_CONCURRENCY,
      shutdownMs: config.STARTER_SHUTDOWN_MS,
    },
    counts,
  );
}

/** Null where no port is set. */
async function openWebhook(config: Config, deps: RequestDependencies, counts: UploadCounts) {
  if (config.WEBHOOK_PORT === undefined) return null;
  return startWebhook({
    host: config.WEBHOOK_HOST,
    port: config.WEBHOOK_PORT,
    token: config.WEBHOOK_TOKEN,
    secret: config.WEBHOOK_SECRET,
    handle: createRequestHandler(deps, counts),
    log: deps.log,
    limits: { graceMs: config.STARTER_SHUTDOWN_MS },
  });
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

if (isMain(import.meta.url)) {
  await runMain(async (stopped) => {
    const config = loadConfig(process.env);
    const log = createLog('starter', config.LOG_LEVEL);
    const observation = await openObservation(config, 'starter');
    const { counts, done } = await startStarter(config, log, stopped, observation);
    const { UPLOAD_QUEUE: queue, WEBHOOK_PORT: webhookPort } = config;
    log.info({ queue, webhookPort, metricsUrl: observation.metricsUrl }, 'starter runs');
    process.send?.('ready');
    await done.finally(() => observation.close());
    log.info({ counts }, 'starter stopped');
  });
}
