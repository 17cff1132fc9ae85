import assert from 'node:assert/strict';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { workflowIdFor } from '../../src/contract.ts';
import { scoringIdOf } from '../../src/uploads/scoring-id.ts';
import { elocute, runCommand } from '../support/run-command.ts';
import { existingWorkflow, openWorld, type LocalWorld } from '../support/local-world.ts';
import { bodies, BUCKET } from '../support/store-bodies.ts';

const POISON = '{"Records":[{"eventVersion":"9.9","key":"private-name"}]}';
const REASON = 'Records.0.eventVersion: eventVersion is not 2.*';
const KEY = 'user-audio-file/7/novel/level_1/한 "T" + 50%/audio_line_1.wav';

interface Listed {
  id: string;
  reason: string | null;
  receiveCount: number;
  sourceMessageId: string | null;
  body: { kind: string; detail: string };
}

describe('dead letters', function () {
  this.timeout(180_000);
  let world: LocalWorld;
  let sqs: SQSClient;
  let poison: Listed;

  before(async () => {
    const built = await runCommand('npm', ['run', '-s', 'build']);
    assert.equal(built.code, 0, built.stderr);
    world = await openWorld({ worker: false });
    sqs = new SQSClient({ endpoint: world.environment['SQS_ENDPOINT'] ?? '', region: 'us-east-1' });
  });

  after(async () => {
    sqs.destroy();
    await world.close();
  });

  const dlq = (...args: string[]) => elocute(['dlq', ...args], { environment: world.environment });

  async function listed(): Promise<Listed[]> {
    const { code, stdout, stderr } = await dlq('list', '--json');
    assert.equal(code, 0, stderr);
    assert.ok(!stdout.includes('private-name'), 'list prints no key');
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Listed);
  }

  /** The starter takes a moment. */
  async function listedUntil(isThere: (letters: Listed[]) => boolean): Promise<Listed[]> {
    for (;;) {
      const letters = await listed();
      if (isThere(letters)) return letters;
    }
  }

  async function put(queueName: string, body: string): Promise<string> {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
    const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
    return MessageId ?? '';
  }

  it('hold what the starter did not understand, with the reason and where it came from', async () => {
    assert.deepEqual(await listed(), []);
    assert.match((await dlq('list')).stdout, /There are no dead letters/);
    const source = await put('elocute-uploads', POISON);
    const [letter, ...others] = await listedUntil((letters) => letters.length > 0);
    assert.ok(letter);
    assert.deepEqual(others, []);
    assert.equal(letter.reason, REASON);
    assert.equal(letter.sourceMessageId, source);
    assert.equal(letter.body.kind, 'poison');
    poison = letter;
  });

  it('are listed as often as one likes: a look hides nothing', async () => {
    const again = await listed();
    assert.deepEqual(
      again.map(({ id }) => id),
      [poison.id],
    );
    const { stdout } = await dlq('list');
    assert.ok(stdout.includes(poison.id) && stdout.includes('eventVersion is not 2.*'));
    assert.ok(!stdout.includes('private-name'));
  });

  it('are shown with their body, which can be piped', async () => {
    const { code, stdout, stderr } = await dlq('show', poison.id);
    assert.equal(code, 0);
    assert.equal(stdout, `${POISON}\n`);
    assert.ok(stderr.includes(REASON));
    const unknown = await dlq('show', 'no-such-letter');
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /Not among the dead letters: no-such-letter/);
  });

  it('are sent back when asked, and then scored; a dry run sends nothing', async () => {
    const object = { bucket: BUCKET, key: KEY, versionId: null, etag: 'e' };
    // As the redrive policy moves it after five receives, with Temporal down.
    const body = JSON.stringify(bodies['S3 to SQS']?.({ key: KEY, etag: 'e', versionId: null }));
    const id = await put('elocute-uploads-dead', body);
    const dry = await dlq('redrive', '--dry-run');
    assert.match(dry.stdout, /2 dead letters would be sent/);
    const letters = await listed();
    assert.equal(letters.length, 2);
    assert.deepEqual(letters.find((one) => one.id === id)?.body.detail, '1 upload');
    const { code, stdout } = await dlq('redrive', id);
    assert.equal(code, 0);
    assert.match(stdout, /1 dead letter sent to the upload queue/);
    const handle = await existingWorkflow(world, workflowIdFor(scoringIdOf(object)));
    await handle.terminate('the test has seen it');
    assert.deepEqual(
      (await listed()).map((one) => one.id),
      [poison.id],
    );
  });

  it('come back where they are still poison, once, with the reason again', async () => {
    const { code, stdout } = await dlq('redrive', '--json');
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), {
      dryRun: false,
      sent: [poison.id],
      doubled: [],
      missing: [],
      problem: null,
    });
    const [letter, ...others] = await listedUntil((letters) => letters.length > 0);
    assert.deepEqual(others, []);
    assert.equal(letter?.reason, REASON);
    assert.notEqual(letter.id, poison.id);
    assert.equal(world.counts.ignored.POISON, 2);
  });

  it('need a queue that answers: else the command says which, and exits with 3', async () => {
    const environment = { ...world.environment, UPLOAD_DEAD_LETTER_QUEUE: 'no-such-queue' };
    const { code, stderr } = await elocute(['dlq', 'list'], { environment });
    assert.equal(code, 3);
    assert.match(stderr, /queue no-such-queue/);
    assert.equal((await dlq('list', '--max', '0')).code, 2);
  });
});
