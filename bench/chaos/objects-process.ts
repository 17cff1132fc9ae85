/** S3 and SQS as one process that can be killed: objects stay on disk, queued messages are lost. */
import { startS3Server } from '../../src/local/s3-server.ts';
import { startUploadQueue } from '../../src/local/sqs-server.ts';
import { runMain } from '../../src/main-process.ts';
import { openEventLog } from './event-log.ts';
import { createEventRelay, type RelayOptions } from './event-relay.ts';
import { watchQueue } from './queue-watch.ts';

export interface ObjectsSettings extends Omit<RelayOptions, 'send' | 'note'> {
  /** Read by the harness. */
  eventLog: string;
  dataDir: string;
  s3Port: number;
  sqsPort: number;
  userBucket: string;
  standardBucket: string;
  accessKeyId: string;
  secretAccessKey: string;
}

await runMain(async (stopped) => {
  const settings = JSON.parse(process.argv[2] ?? '') as ObjectsSettings;
  const { dataDir, s3Port, sqsPort, userBucket, standardBucket } = settings;
  const credentials = {
    accessKeyId: settings.accessKeyId,
    secretAccessKey: settings.secretAccessKey,
  };
  const note = openEventLog(settings.eventLog);
  note({ event: 'began' });
  const onAnswer = watchQueue(note);
  const queue = await startUploadQueue({ ...credentials, port: sqsPort, onAnswer });
  const relay = createEventRelay({ ...settings, note, send: queue.send });
  const s3 = await startS3Server({
    dataDir,
    ...credentials,
    port: s3Port,
    buckets: [standardBucket],
    notifications: [{ bucket: userBucket, queueUrl: queue.queueUrl }],
    deliver: relay.deliver,
  });
  process.send?.('ready');
  await new Promise<void>((resolve) => stopped.addEventListener('abort', () => resolve()));
  relay.stop();
  await s3.stop();
  await queue.stop();
});
