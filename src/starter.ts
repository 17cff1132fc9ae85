/** Listens for uploads and starts one workflow each. */
import { openObservation, unobserved, type Observation } from './adapters/open-observation.ts';
import { openQueueDepths } from './adapters/sqs-depths.ts';
import { openUploadQueue } from './adapters/sqs.ts';
import { connectTemporal, startScoring, temporalAddressOf } from './adapters/temporal.ts';
import { loadConfig, type Config } from './config.ts';
import { createLog, type Log } from './log.ts';
import { isMain, runMain } from './main-process.ts';
import { observedQueue } from './observe/observed-queue.ts';
import { observeCounts, tracedStart } from './observe/observed-uploads.ts';
import type { UploadFilter } from './uploads/classify-upload.ts';
import { createPoller, type UploadCounts } from './uploads/poll-uploads.ts';

export interface RunningStarter {
  counts: UploadCounts;
  done: Promise<void>;
}

export async function startStarter(
  config: Config,
  log: Log,
  stopped: AbortSignal,
  observation: Observation = unobserved,
): Promise<RunningStarter> {
  const { meter, tracer, tracing } = observation;
  const client = await connectTemporal(
    temporalAddressOf(config),
    tracing === undefined ? [] : [tracing.client],
  );
  const sqs = {
    region: config.AWS_REGION,
    endpoint: config.SQS_ENDPOINT,
    queueName: config.UPLOAD_QUEUE,
  };
  const queue = await openUploadQueue(sqs);
  const depths = openQueueDepths(sqs);
  const poller = createPoller({
    queue: observedQueue(queue, () => depths.read(), meter),
    filter: uploadFilterOf(config),
    start: tracedStart((input) => startScoring(client, config.TEMPORAL_TASK_QUEUE, input), tracer),
    log,
  });
  observeCounts(poller.counts, meter);
  const done = poller.run(stopped).finally(async () => {
    queue.close();
    depths.close();
    await client.connection.close();
  });
  return { counts: poller.counts, done };
}

export function uploadFilterOf(config: Config): UploadFilter {
  return {
    bucket: config.USER_BUCKET,
    prefix: config.UPLOAD_PREFIX,
    suffix: config.UPLOAD_SUFFIX,
    root: config.USER_KEY_ROOT,
    contentTypes: config.CONTENT_TYPES,
  };
}

if (isMain(import.meta.url)) {
  await runMain(async (stopped) => {
    const config = loadConfig(process.env);
    const log = createLog('starter', config.LOG_LEVEL);
    const observation = await openObservation(config, 'starter');
    const { counts, done } = await startStarter(config, log, stopped, observation);
    log.info({ queue: config.UPLOAD_QUEUE, metricsUrl: observation.metricsUrl }, 'starter runs');
    process.send?.('ready');
    await done.finally(() => observation.close());
    log.info({ counts }, 'starter stopped');
  });
}
