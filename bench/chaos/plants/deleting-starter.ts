/** A starter with a bug: it deletes a message before the workflow is started. */
import { openUploadQueue } from '../../../src/adapters/sqs.ts';
import {
  connectTemporal,
  startScoring,
  temporalAddressOf,
} from '../../../src/adapters/temporal.ts';
import { loadConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { runMain } from '../../../src/main-process.ts';
import { uploadFilterOf } from '../../../src/starter.ts';
import { createPoller } from '../../../src/uploads/poll-uploads.ts';

await runMain(async (stopped) => {
  const config = loadConfig(process.env);
  const client = await connectTemporal(temporalAddressOf(config));
  const queue = await openUploadQueue({
    region: config.AWS_REGION,
    endpoint: config.SQS_ENDPOINT,
    queueName: config.UPLOAD_QUEUE,
  });
  const poller = createPoller({
    queue: {
      ...queue,
      async receive(signal) {
        const messages = await queue.receive(signal);
        await Promise.all(messages.map((message) => queue.delete(message)));
        return messages;
      },
      delete: () => Promise.resolve(),
    },
    filter: uploadFilterOf(config),
    start: (input) => startScoring(client, config.TEMPORAL_TASK_QUEUE, input),
    log: createLog('starter', config.LOG_LEVEL),
  });
  process.send?.('ready');
  await poller.run(stopped);
  queue.close();
  await client.connection.close();
});
