/** Listens for uploads and starts one workflow each. */
import { openUploadQueue } from './adapters/sqs.ts';
import { connectTemporal, startScoring, temporalAddressOf } from './adapters/temporal.ts';
import { uploadFilterOf } from './adapters/upload-filter.ts';
import { loadConfig, type Config } from './config.ts';
import { createLog, type Log } from './log.ts';
import { isMain, runMain } from './main-process.ts';
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
  const poller = createPoller({
    queue,
    filter: uploadFilterOf(config),
    start: (input) => startScoring(client, config.TEMPORAL_TASK_QUEUE, input),
    log,
  });
  const done = poller.run(stopped).finally(async () => {
    queue.close();
    await client.connection.close();
  });
  return { counts: poller.counts, done };
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
