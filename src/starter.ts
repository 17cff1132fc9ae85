/** Listens for uploads and starts one workflow each. */
import { setMaxListeners } from 'node:events';
import { openUploadQueue } from './adapters/sqs.ts';
import {
  connectTemporal,
  refusesEveryStart,
  startScoring,
  temporalAddressOf,
} from './adapters/temporal.ts';
import { loadConfig, type Config } from './config.ts';
import { createLog, type Log } from './log.ts';
import { isMain, runMain } from './main-process.ts';
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
): Promise<RunningStarter> {
  const client = await connectTemporal(temporalAddressOf(config));
  const queue = await openUploadQueue({
    region: config.AWS_REGION,
    endpoint: config.SQS_ENDPOINT,
    queueName: config.UPLOAD_QUEUE,
  });
  // A start that hangs would keep the process from ending until its deadline.
  const abandon = new AbortController();
  setMaxListeners(0, abandon.signal);
  const poller = createPoller({
    queue,
    filter: uploadFilterOf(config),
    start: (input) =>
      client.withAbortSignal(abandon.signal, () =>
        startScoring(client, config.TEMPORAL_TASK_QUEUE, input),
      ),
    refusesEveryStart,
    log,
    concurrency: config.STARTER_CONCURRENCY,
    shutdownMs: config.STARTER_SHUTDOWN_MS,
  });
  const done = poller.run(stopped).finally(async () => {
    abandon.abort();
    queue.close();
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
    const { counts, done } = await startStarter(config, log, stopped);
    log.info({ queue: config.UPLOAD_QUEUE }, 'starter runs');
    process.send?.('ready');
    await done;
    log.info({ counts }, 'starter stopped');
  });
}
