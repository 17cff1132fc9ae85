import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openDeadLetters } from '../../src/adapters/sqs-dead-letters.ts';
import { searchAttributes, type ObjectRef } from '../../src/contract.ts';
import { freePort } from '../../src/local/free-port.ts';
import { startUploadQueue } from '../../src/local/sqs-server.ts';
import { startTemporalServer } from '../../src/local/temporal-server.ts';
import { temporalBinary, temporaryFolder } from '../support/services.ts';
import { startAlone, type AloneStarter } from '../support/stand-alone-starter.ts';
import { NASTY_KEYS } from '../support/nasty-keys.ts';
import { bodies, BUCKET } from '../support/store-bodies.ts';

const TOKEN = 'token-of-the-tests-0123456789-abcdef';
const SEQUENCER = '18EAC18CB6F0A3D2';
const KEYS = { accessKeyId: 'LOCALTEST', secretAccessKey: 'secret-of-the-tests' };

describe('the starter with a webhook and no queue', function () {
  this.timeout(120_000);
  let starter: AloneStarter | undefined;
  let port: number;

  beforeEach(async () => {
    port = await freePort();
  });

  afterEach(async () => {
    await starter?.close();
    starter = undefined;
  });

  const environment = () => ({
    UPLOAD_QUEUE: '',
    WEBHOOK_PORT: String(port),
    WEBHOOK_TOKEN: TOKEN,
    // Nobody listens there: no queue may be asked for, and no object.
    S3_ENDPOINT: 'http://127.0.0.1:1',
    SQS_ENDPOINT: 'http://127.0.0.1:1',
  });

  const post = (body: unknown) =>
    fetch(`http://127.0.0.1:${port}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify(body),
    });

  it('has started the workflow by the time it answers, for every store and nasty key', async () => {
    // The version of what versitygw announces is asked for; by then the object is gone here.
    const emptyStore = createHttpServer((_, response) => response.writeHead(404).end());
    await once(emptyStore.listen(0, '127.0.0.1'), 'listening');
    const S3_ENDPOINT = `http://127.0.0.1:${(emptyStore.address() as AddressInfo).port}`;
    starter = await startAlone({ ...environment(), S3_ENDPOINT }, KEYS);
    const ways = ['MinIO by HTTP', 'versitygw by HTTP', 'S3 through EventBridge'];
    for (const [index, key] of NASTY_KEYS.entries()) {
      for (const way of ways) {
        const etag = `${way.length}-${index}`;
        const object: ObjectRef = { bucket: BUCKET, key, versionId: null, etag };
        assert.equal(
          (await post(bodies[way]?.({ key, etag, versionId: null, sequencer: SEQUENCER }))).status,
          200,
        );
        assert.equal(await starter.hasStarted(object), true, `${way} ${key}`);
        assert.equal((await starter.startedFor(object)).upload.key, key);
      }
    }
    const again = bodies['MinIO by HTTP']?.({
      key: NASTY_KEYS[0] ?? '',
      etag: '13-0',
      sequencer: SEQUENCER,
    });
    assert.equal((await post(again)).status, 200);
    assert.deepEqual(starter.counts, {
      started: NASTY_KEYS.length * ways.length,
      duplicate: 1,
      ignored: {},
      errors: 0,
      refused: 0,
      returned: 0,
    });
    emptyStore.closeAllConnections();
    emptyStore.close();
  });

  it('answers poison with 400, and an object that S3 cannot be asked about with 503', async () => {
    starter = await startAlone(environment(), KEYS);
    assert.equal((await post({ Records: [] })).status, 400);
    assert.equal((await post(bodies['MinIO by HTTP']?.({ key: NASTY_KEYS[0] ?? '' }))).status, 503);
    assert.equal(starter.counts.started, 0);
  });

  it('moves poison to the dead letters where there is a queue, and answers 200', async () => {
    const queue = await startUploadQueue(KEYS);
    const { endpoint } = queue;
    const { UPLOAD_QUEUE: none, ...others } = environment();
    assert.equal(none, '');
    starter = await startAlone({ ...others, SQS_ENDPOINT: endpoint }, KEYS);
    const answer = await post({ Records: [] });
    assert.equal(answer.status, 200);
    assert.deepEqual(Object.values((await answer.json()) as object)[0], 'buried');
    const queueName = 'elocute-uploads-dead';
    const letters = await openDeadLetters({ region: 'us-east-1', endpoint, queueName });
    const [letter] = await letters.receive(1);
    assert.equal(letter?.body, '{"Records":[]}');
    assert.match(letter.reason ?? '', /^Records: /);
    letters.close();
    await starter.close();
    starter = undefined;
    await queue.stop();
  });

  it('answers 503 while Temporal is down, and 200 when it is back', async () => {
    const folder = temporaryFolder('webhook-temporal');
    const options = {
      binary: await temporalBinary(),
      dataFile: join(folder, 'temporal.db'),
      port: await freePort(),
      searchAttributes,
      logFile: join(folder, 'temporal.log'),
    };
    let temporal = await startTemporalServer(options);
    try {
      starter = await startAlone({ ...environment(), TEMPORAL_ADDRESS: temporal.address }, KEYS);
      const body = bodies['MinIO by HTTP']?.({
        key: NASTY_KEYS[0] ?? '',
        etag: 'e',
        sequencer: SEQUENCER,
      });
      await temporal.stop();
      const refused = await post(body);
      assert.equal(refused.status, 503);
      assert.ok(Number(refused.headers.get('retry-after')) > 0);
      temporal = await startTemporalServer(options);
      let status = 503;
      // The client connects again by itself, in its own time.
      while (status === 503) status = (await post(body)).status;
      assert.equal(status, 200);
    } finally {
      await starter?.close();
      starter = undefined;
      await temporal.stop();
    }
  });

  it('does not start where its port is taken, and leaves nothing open', async () => {
    const taken = createServer().listen(port, '127.0.0.1');
    await once(taken, 'listening');
    await assert.rejects(startAlone(environment(), KEYS), /EADDRINUSE/);
    taken.close();
    await once(taken, 'close');
    starter = await startAlone(environment(), KEYS);
    assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
  });
});
