/** A starter with a bug: it deletes messages as soon as it has them, before a workflow is started. */
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
  type ReceiveMessageCommandOutput,
} from '@aws-sdk/client-sqs';
import { loadConfig } from '../../../src/config.ts';
import { createLog } from '../../../src/log.ts';
import { runMain } from '../../../src/main-process.ts';
import { startStarter } from '../../../src/starter.ts';

type Send = (this: SQSClient, command: unknown, ...more: unknown[]) => Promise<unknown>;

// In the client, so that the starter itself is the real one, whatever it is made of.
const client = SQSClient.prototype as unknown as { send: Send };
const { send } = client;
client.send = async function (command, ...more) {
  const answer = await send.call(this, command, ...more);
  if (!(command instanceof ReceiveMessageCommand)) return answer;
  const { Messages = [] } = answer as ReceiveMessageCommandOutput;
  for (const { ReceiptHandle } of Messages) {
    await send.call(
      this,
      new DeleteMessageCommand({ QueueUrl: command.input.QueueUrl, ReceiptHandle }),
    );
  }
  return answer;
};

await runMain(async (stopped) => {
  const config = loadConfig(process.env);
  const { done } = await startStarter(config, createLog('starter', config.LOG_LEVEL), stopped);
  process.send?.('ready');
  await done;
});
