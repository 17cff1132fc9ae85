import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { SendMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { openPrometheus, type Prometheus } from '../../src/adapters/prometheus.ts';
import { openQueueDepths } from '../../src/adapters/sqs-depths.ts';
import { openUploadQueue } from '../../src/adapters/sqs.ts';
import { startUploadQueue, type UploadQueue } from '../../src/local/sqs-server.ts';
import { observedSpeech } from '../../src/observe/observed-speech.ts';
import { parseMetrics, scrape, valueOf } from '../support/metrics-page.ts';
import { ROOT } from '../support/run-command.ts';

describe('the page of metrics', () => {
  const open: Prometheus[] = [];
  after(() => Promise.all(open.map((one) => one.close())));

  async function start(process: 'worker' | 'starter', sdkUrl?: string): Promise<Prometheus> {
    const opened = await openPrometheus({ process, host: '127.0.0.1', port: 0, sdkUrl });
    open.push(opened);
    return opened;
  }

  it('shows counters with known values as 0 before the first', async () => {
    const { url, meter } = await start('worker');
    const quota = { outcome: 'SPEECH_QUOTA' };
    assert.equal(valueOf(await scrape(url), 'elocute_speech_calls_total', quota), 0);
    meter.count('elocute_speech_calls_total', quota);
    assert.equal(valueOf(await scrape(url), 'elocute_speech_calls_total', quota), 1);
  });

  it('shows what a recogniser costs that has a price', async () => {
    const { url, meter } = await start('worker');
    const speech = {
      version: 'v',
      usesSentence: false,
      recognise: () => Promise.resolve({ recogniser: 'google' as const, text: '', words: [] }),
    };
    const wav = new Uint8Array(44 + 16 * 32_000);
    await observedSpeech(speech, meter, 0.024).recognise({ wav, sentence: null });
    const page = await scrape(url);
    // 16 seconds are billed as 30.
    assert.equal(valueOf(page, 'elocute_speech_billed_seconds_total'), 30);
    assert.equal(valueOf(page, 'elocute_speech_cost_total'), 0.012);
  });

  it('shows a counter that somebody else keeps as it is, however often it is asked', async () => {
    const { url, meter } = await start('starter');
    let value = 3;
    meter.read('elocute_uploads_total', () => [{ labels: { outcome: 'started' }, value }]);
    const started = async () =>
      valueOf(await scrape(url), 'elocute_uploads_total', { outcome: 'started' });
    assert.deepEqual([await started(), await started()], [3, 3]);
    value = 5;
    assert.equal(await started(), 5);
  });

  it('drops a gauge that cannot be read any more', async () => {
    const { url, meter } = await start('starter');
    let readings = [{ labels: {}, value: 2 }];
    meter.read('elocute_dead_letters', () => readings);
    assert.equal(valueOf(await scrape(url), 'elocute_dead_letters'), 2);
    readings = [];
    assert.equal(valueOf(await scrape(url), 'elocute_dead_letters'), null);
  });

  it('shows our metrics even where those of the SDK cannot be read', async () => {
    const nobody = await start('starter');
    await nobody.close();
    const { url } = await start('worker', nobody.url);
    const text = await (await fetch(url)).text();
    assert.match(text, /^# The metrics of Temporal's SDK could not be read/m);
    assert.equal(valueOf(parseMetrics(text), 'elocute_scorings_total'), 0);
  });

  it('is at /metrics and nowhere else', async () => {
    const { url } = await start('worker');
    assert.equal((await fetch(new URL('/', url))).status, 404);
    assert.equal((await fetch(url, { method: 'POST' })).status, 404);
  });
});

describe('worker and starter that nobody watches', () => {
  it('load neither OpenTelemetry nor a Prometheus client', () => {
    const script = `
      import { createRequire } from 'node:module';
      await import('./src/worker.ts');
      await import('./src/starter.ts');
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      console.log(JSON.stringify({
        temporal: loaded.some((file) => file.includes('@temporalio/worker')),
        watching: loaded.filter((file) => /opentelemetry|prom-client/.test(file)),
      }));`;
    const said = execFileSync(
      process.execPath,
      ['--import', './test/support/typescript.mjs', '--input-type=module', '-e', script],
      { cwd: ROOT, encoding: 'utf8' },
    );
    assert.deepEqual(JSON.parse(said), { temporal: true, watching: [] });
  });
});

describe('the depths of the upload queue', () => {
  const CREDENTIALS = { accessKeyId: 'LOCALTEST', secretAccessKey: 'secret-of-the-tests' };
  let server: UploadQueue;
  let client: SQSClient;
  before(async () => {
    process.env['AWS_ACCESS_KEY_ID'] = CREDENTIALS.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] = CREDENTIALS.secretAccessKey;
    server = await startUploadQueue(CREDENTIALS);
    client = new SQSClient({ endpoint: server.endpoint, region: 'us-east-1' });
  });
  after(async () => {
    client.destroy();
    await server.stop();
  });

  const options = () => ({
    region: 'us-east-1',
    endpoint: server.endpoint,
    queueName: 'elocute-uploads',
  });

  it('tell what waits, what is in hand, and the dead letters', async () => {
    const depths = openQueueDepths(options());
    try {
      assert.deepEqual(await depths.read(), {
        waiting: 0,
        inFlight: 0,
        delayed: 0,
        deadLetters: 0,
      });
      const send = (QueueUrl: string) =>
        client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
      await Promise.all([send(server.queueUrl), send(server.queueUrl), send(server.deadLetterUrl)]);
      const { Messages } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: server.queueUrl, MaxNumberOfMessages: 1 }),
      );
      assert.equal(Messages?.length, 1);
      assert.deepEqual(await depths.read(), {
        waiting: 1,
        inFlight: 1,
        delayed: 0,
        deadLetters: 1,
      });
    } finally {
      depths.close();
    }
  });

  it('come with messages that say when they were sent', async () => {
    const queue = await openUploadQueue(options());
    try {
      const [message] = await queue.receive(new AbortController().signal, 10);
      assert.ok(message?.sentAtMs !== undefined);
      const ageMs = Date.now() - message.sentAtMs;
      assert.ok(ageMs >= 0 && ageMs < 60_000, `${ageMs} ms`);
    } finally {
      queue.close();
    }
  });

  it('are an error where there is no such queue', async () => {
    const depths = openQueueDepths({ ...options(), queueName: 'nobody-made-it' });
    try {
      await assert.rejects(depths.read(), { name: 'QueueDoesNotExist' });
    } finally {
      depths.close();
    }
  });
});
