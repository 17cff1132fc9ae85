import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DeleteObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { ObjectRef } from '../../src/contract.ts';
import { clientsOf, put, queueUrl, waiting } from '../support/aws-servers/clients.ts';
import {
  deploy,
  ROOT_KEYS,
  startMinistack,
  type Deployment,
} from '../support/aws-servers/start.ts';
import { throughSns } from '../support/aws-servers/through-sns.ts';
import { NASTY_KEYS } from '../support/nasty-keys.ts';
import { freshName } from '../support/services.ts';
import { startAlone, type AloneStarter } from '../support/stand-alone-starter.ts';
import { bodies } from '../support/store-bodies.ts';

const infra = readFileSync(new URL('../../infra/uploads.json', import.meta.url), 'utf8');
const template = () => JSON.parse(infra) as Record<string, unknown>;
const UNWANTED = [
  'elsewhere/7/novel/level_2/T/audio_line_1.wav',
  'user-audio-file/7/novel/level_2/T/audio_line_1.mp3',
];

describe('uploads through ministack, with the policies of infra/ enforced', function () {
  this.timeout(120_000);
  let endpoint: string;
  let s3: S3Client;
  let sqs: SQSClient;
  const starters: AloneStarter[] = [];

  before(async () => {
    endpoint = await startMinistack();
    ({ s3, sqs } = clientsOf(endpoint));
  });

  after(async () => {
    for (const starter of starters) await starter.close();
    s3.destroy();
    sqs.destroy();
  });

  async function deployed(way: 'sqs' | 'eventbridge') {
    const stack = freshName(way);
    const bucket = `bucket-${stack}`;
    const parameters = {
      CreateUserBucket: 'yes',
      KeySuffix: '.wav',
      WayIn: way,
      UserBucketName: bucket,
      UploadQueueName: stack,
    };
    const deployment = await deploy({ endpoint, stack, template: template(), parameters });
    assert.deepEqual(deployment.reasons, []);
    return { stack, bucket, deployment };
  }

  async function starterOf(stack: string, bucket: string, { keys }: Deployment) {
    const environment = {
      S3_ENDPOINT: endpoint,
      SQS_ENDPOINT: endpoint,
      USER_BUCKET: bucket,
      UPLOAD_QUEUE: stack,
      UPLOAD_DEAD_LETTER_QUEUE: `${stack}-dead`,
    };
    assert.ok(keys['StarterPolicyArn']);
    const starter = await startAlone(environment, keys['StarterPolicyArn']);
    starters.push(starter);
    return starter;
  }

  it('S3 to SQS: nasty keys become workflows with the right id and input, other keys nothing', async () => {
    const { stack, bucket, deployment } = await deployed('sqs');
    const starter = await starterOf(stack, bucket, deployment);
    for (const key of UNWANTED) await put(s3, bucket, key);
    for (const key of NASTY_KEYS) {
      const object = await put(s3, bucket, key);
      const { upload, userId } = await starter.startedFor(object);
      assert.deepEqual([upload.key, upload.versionId, userId], [key, object.versionId, '7']);
      assert.match(upload.sequencer ?? '', /^[0-9A-F]+$/);
    }
    const { started, duplicate, ignored, errors } = starter.counts;
    assert.deepEqual([started, duplicate, errors], [NASTY_KEYS.length, 0, 0]);
    // The test event that S3 sends when the target is set, and nothing of the unwanted keys.
    assert.deepEqual(ignored, { NOTHING_TO_SCORE: 1 });
  });

  it('S3 to EventBridge to SQS: the rule filters bucket, prefix and suffix, and keys stay raw', async () => {
    const { stack, bucket, deployment } = await deployed('eventbridge');
    const other = await deployed('eventbridge');
    const starter = await starterOf(stack, bucket, deployment);
    for (const key of UNWANTED) await put(s3, bucket, key);
    await put(s3, other.bucket, NASTY_KEYS[0] ?? '');
    for (const key of NASTY_KEYS) {
      // ministack leaves `version-id` out, so the id is made of the etag.
      const object = { ...(await put(s3, bucket, key)), versionId: null };
      const { upload } = await starter.startedFor(object);
      assert.deepEqual([upload.bucket, upload.key, upload.etag], [bucket, key, object.etag]);
    }
    const { started, duplicate, ignored, errors } = starter.counts;
    assert.deepEqual([started, duplicate, errors], [NASTY_KEYS.length, 0, 0]);
    assert.deepEqual(ignored, {});
  });

  for (const raw of [false, true]) {
    it(`S3 to SNS to SQS, ${raw ? 'raw' : 'wrapped'}: the same keys, the same ids`, async () => {
      const stack = freshName('sns');
      const bucket = `bucket-${stack}`;
      const deployment = await deploy({
        endpoint,
        stack,
        template: throughSns(stack, bucket, raw),
        parameters: {},
      });
      assert.deepEqual(deployment.reasons, []);
      const starter = await startAlone(
        { S3_ENDPOINT: endpoint, SQS_ENDPOINT: endpoint, USER_BUCKET: bucket, UPLOAD_QUEUE: stack },
        ROOT_KEYS,
      );
      starters.push(starter);
      for (const key of NASTY_KEYS) {
        const object = await put(s3, bucket, key);
        const { upload } = await starter.startedFor(object);
        assert.deepEqual([upload.key, upload.versionId], [key, object.versionId]);
      }
      assert.equal(starter.counts.started, NASTY_KEYS.length);
      assert.deepEqual(
        [starter.counts.ignored, starter.counts.errors],
        [{ NOTHING_TO_SCORE: 1 }, 0],
      );
    });
  }

  it('a queue whose policy does not name S3 can become no target, and receives nothing', async () => {
    const closed = JSON.parse(infra.replaceAll('s3.amazonaws.com', 'sns.amazonaws.com')) as object;
    const stack = freshName('closed');
    const parameters = {
      CreateUserBucket: 'yes',
      KeySuffix: '.wav',
      UserBucketName: `bucket-${stack}`,
      UploadQueueName: stack,
    };
    const refused = await deploy({ endpoint, stack, template: closed, parameters });
    assert.match(refused.status, /FAILED/);
    assert.match(refused.reasons.join(), /validate the following destination/);

    const open = await deployed('sqs');
    const starter = await starterOf(open.stack, open.bucket, open.deployment);
    const QueueUrl = await queueUrl(sqs, open.stack);
    const names = { AttributeNames: ['Policy' as const] };
    const before = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, ...names }));
    const policy = before.Attributes?.['Policy'] ?? '';
    const breaches: [string, string][] = [
      ['s3.amazonaws.com', 'sns.amazonaws.com'],
      [`arn:aws:s3:::${open.bucket}`, 'arn:aws:s3:::another-bucket'],
      ['"aws:SourceAccount": "000000000000"', '"aws:SourceAccount": "111111111111"'],
    ];
    const unheard: ObjectRef[] = [];
    for (const [index, [right, wrong]] of breaches.entries()) {
      assert.ok(policy.includes(right), right);
      await setPolicy(policy.replaceAll(right, wrong));
      unheard.push(await put(s3, open.bucket, NASTY_KEYS[index] ?? ''));
      await setPolicy(policy);
      // Whatever was on its way before this one has arrived when this one has.
      await starter.startedFor(await put(s3, open.bucket, NASTY_KEYS[8] ?? '', wrong));
    }
    for (const object of unheard) assert.equal(await starter.hasStarted(object), false);
    assert.equal(starter.counts.started, breaches.length);

    async function setPolicy(Policy: string): Promise<void> {
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    }
  });

  it('the starter asks S3 which object it is, and buries poison, with no more than its policy', async () => {
    const { stack, bucket, deployment } = await deployed('sqs');
    const starter = await starterOf(stack, bucket, deployment);
    const QueueUrl = await queueUrl(sqs, stack);
    const bare = (key: string) =>
      JSON.stringify(bodies['moto to SQS']?.({ key })).replaceAll(
        '"user-audio-file"',
        `"${bucket}"`,
      );
    const send = (MessageBody: string) =>
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));

    const [nasty = ''] = NASTY_KEYS.slice(1);
    const gone = await put(s3, bucket, nasty);
    await starter.startedFor(gone);
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: nasty }));
    await send(bare(nasty));
    const there = await put(s3, bucket, NASTY_KEYS[2] ?? '');
    await starter.startedFor(there);
    await send(bare(NASTY_KEYS[2] ?? ''));
    await send('poison');

    const operator = clientsOf(endpoint, deployment.keys['OperatorPolicyArn']);
    const deadUrl = await queueUrl(operator.sqs, `${stack}-dead`);
    const { Messages = [] } = await operator.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: deadUrl,
        WaitTimeSeconds: 20,
        MessageAttributeNames: ['All'],
      }),
    );
    assert.equal(Messages[0]?.Body, 'poison');
    const { 'elocute-reason': reason } = Messages[0].MessageAttributes ?? {};
    assert.equal(reason?.StringValue, 'the body is not JSON');
    while ((await waiting(sqs, QueueUrl)) > 0);
    assert.equal(starter.counts.ignored.GONE, 1);
    // The bare event of what is there led to the id that its own event had made.
    assert.deepEqual(
      [starter.counts.started, starter.counts.duplicate, starter.counts.errors],
      [2, 1, 0],
    );
    // And these policies are enforced: neither may write what it only reads.
    const asStarter = clientsOf(endpoint, deployment.keys['StarterPolicyArn']);
    await assert.rejects(put(asStarter.s3, bucket, 'x'), /AccessDenied|not authorized/);
    await assert.rejects(put(operator.s3, bucket, 'x'), /AccessDenied|not authorized/);
    for (const { s3: one, sqs: two } of [operator, asStarter]) [one, two].map((c) => c.destroy());
  });
});
