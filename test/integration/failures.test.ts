import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { status as grpc } from '@grpc/grpc-js';
import { startScoring } from '../../src/adapters/temporal.ts';
import { encodeWav } from '../../src/audio/encode-wav.ts';
import { loadConfig } from '../../src/config.ts';
import { workflowIdFor, type LessonLine, type ObjectRef } from '../../src/contract.ts';
import { failures, type FailureCode } from '../../src/failures.ts';
import { uploadKeyOf } from '../../src/uploads/key-grammar.ts';
import { scoringIdOf } from '../../src/uploads/scoring-id.ts';
import { startWorker } from '../../src/worker.ts';
import { flacBomb } from '../support/format-bombs.ts';
import { formatFile } from '../support/formats.ts';
import {
  openWorld,
  outcomeOf,
  putLearner,
  putObject,
  putStandard,
  type LocalWorld,
  type PutUpload,
} from '../support/local-world.ts';
import { lessonPair } from '../support/recordings.ts';
import { freshName } from '../support/services.ts';
import { wavOf } from '../support/wav-of.ts';

/** The shortest sentence of the lessons: these tests are about everything but the scores. */
const pair = lessonPair(25);
const learner = readFileSync(pair.learner);
const standard = readFileSync(pair.standard);

let nextLine = 0;
function freshLesson(): LessonLine {
  nextLine += 1;
  return { contentType: 'novel', level: 1, title: 'Failures', line: nextLine };
}

describe('a failure', function () {
  this.timeout(120_000);
  let world: LocalWorld;
  before(async () => {
    world = await openWorld({
      environment: { AUDIO_MAX_BYTES: '400000', AUDIO_MAX_SECONDS: '12' },
    });
  });
  after(() => world.close());

  async function lessonWithStandard(): Promise<LessonLine> {
    const lesson = freshLesson();
    await putStandard(world, lesson, standard, pair.sentence);
    return lesson;
  }

  /** One failed row of ours and one of the application, with the catalogue's code and words. */
  async function assertFailed(upload: PutUpload, code: FailureCode): Promise<void> {
    const { ours, application, workflowStatus } = await outcomeOf(world, upload);
    assert.equal(workflowStatus, 'FAILED');
    assert.deepEqual(
      ours.map((row) => [row['status'], row['failure_code']]),
      [['failed', code]],
    );
    assert.deepEqual(
      application.map((row) => [row['status'], row['feedback']]),
      [['failed', failures[code].learner]],
    );
  }

  /** One row of ours that says that the upload does not count; nothing failed, nobody is told. */
  async function assertSuperseded(upload: PutUpload, code: FailureCode): Promise<void> {
    const { ours, application, workflowStatus } = await outcomeOf(world, upload);
    assert.equal(workflowStatus, 'COMPLETED');
    assert.deepEqual(
      ours.map((row) => [row['status'], row['failure_code']]),
      [['superseded', code]],
    );
    assert.deepEqual(application, []);
  }

  /** Another worker, on a queue of its own, that finds this in its environment. */
  async function startWorkerWith(environment: Record<string, string>) {
    const config = loadConfig({ ...world.environment, TEMPORAL_TASK_QUEUE: freshName('other') });
    const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
    Object.assign(process.env, environment);
    const worker = await startWorker(config);
    return {
      taskQueue: config.TEMPORAL_TASK_QUEUE,
      async stop() {
        worker.stop();
        await worker.done;
        for (const [name, value] of before) process.env[name] = value ?? '';
      },
    };
  }

  async function assertScored(upload: PutUpload): Promise<Record<string, unknown>> {
    const { ours, application, workflowStatus } = await outcomeOf(world, upload);
    assert.equal(workflowStatus, 'COMPLETED');
    assert.deepEqual(
      ours.map((row) => row['status']),
      ['completed'],
    );
    assert.deepEqual(
      application.map((row) => row['status']),
      ['completed'],
    );
    return application[0] ?? assert.fail('there is a row');
  }

  /** Starts a scoring of exactly this object, as an event that came late would. */
  async function startFor(
    object: ObjectRef,
    lesson: LessonLine,
    taskQueue = world.config.TEMPORAL_TASK_QUEUE,
  ): Promise<PutUpload> {
    const scoringId = scoringIdOf(object);
    await startScoring(world.client, taskQueue, {
      scoringId,
      upload: { ...object, sequencer: null },
      userId: '7',
      lesson,
    });
    return { ...object, scoringId, workflowId: workflowIdFor(scoringId) };
  }

  it('KEY_MALFORMED: is acknowledged, counted, and starts nothing', async () => {
    const before = world.counts.ignored.KEY_MALFORMED ?? 0;
    const key = 'user-audio-file/7/poem/level_1/T/audio_line_1.wav';
    const upload = await putObject(world, world.config.USER_BUCKET, key, learner);
    // A good upload behind it: when that is scored, the malformed one has been handled too.
    await assertScored(await putLearner(world, await lessonWithStandard(), learner));
    while ((world.counts.ignored.KEY_MALFORMED ?? 0) === before) await new Promise(setImmediate);
    assert.equal(world.counts.ignored.KEY_MALFORMED, before + 1);
    await assert.rejects(world.client.workflow.getHandle(upload.workflowId).describe(), {
      name: 'WorkflowNotFoundError',
    });
  });

  it('STANDARD_MISSING: nothing lies where the standard should', async () => {
    await assertFailed(await putLearner(world, freshLesson(), learner), 'STANDARD_MISSING');
  });

  it('UPLOAD_GONE: the version was deleted before it was read', async () => {
    const lesson = await lessonWithStandard();
    const key = uploadKeyOf('8', lesson, 'elsewhere');
    const { versionId, etag } = await putObject(world, 'standard-audio-file', key, learner);
    await world.s3.send(
      new DeleteObjectCommand({
        Bucket: 'standard-audio-file',
        Key: key,
        VersionId: versionId ?? '',
      }),
    );
    const gone = { bucket: 'standard-audio-file', key, versionId, etag };
    await assertSuperseded(await startFor(gone, lesson), 'UPLOAD_GONE');
  });

  it('UPLOAD_REPLACED: without versions, the etag tells that another recording lies there', async () => {
    const lesson = await lessonWithStandard();
    const key = uploadKeyOf('8', lesson, 'elsewhere');
    const { etag } = await putObject(world, 'standard-audio-file', key, learner);
    const newer = await putObject(world, 'standard-audio-file', key, varied(learner));
    assert.notEqual(newer.etag, etag);
    const older = { bucket: 'standard-audio-file', key, versionId: null, etag };
    await assertSuperseded(await startFor(older, lesson), 'UPLOAD_REPLACED');
  });

  const speech16k = (seconds: number, level: number) =>
    encodeWav(
      Float32Array.from({ length: 16_000 * seconds }, (_, i) => level * Math.sin(i / 10)),
      16_000,
    );
  const noChannels = Buffer.from(learner);
  noChannels.writeUInt16LE(0, 22);
  const unusable: [FailureCode, string, Uint8Array][] = [
    ['AUDIO_UNSUPPORTED', 'a text file', new TextEncoder().encode('this is no recording at all')],
    ['AUDIO_UNSUPPORTED', 'a recording in AMR', Buffer.from('#!AMR\n\x3c\x91\x17\x16')],
    ['AUDIO_DAMAGED', 'a FLAC cut off', formatFile('flac.flac').subarray(0, 20_000)],
    ['AUDIO_DAMAGED', 'a WebM that goes round in circles', formatFile('damaged-endless.webm')],
    ['AUDIO_TOO_LONG', 'hours of FLAC in 15 KB', flacBomb(1000)],
    ['AUDIO_DAMAGED', 'a WAV cut off inside its header', learner.subarray(0, 30)],
    ['AUDIO_EMPTY', 'a file without a byte', new Uint8Array()],
    ['AUDIO_EMPTY', 'a WAV without a sample', encodeWav(new Float32Array(), 16_000)],
    ['AUDIO_DAMAGED', 'a WAV of no channels', noChannels],
    ['AUDIO_DAMAGED', 'a float WAV that holds NaN', wavOf([0.1, Number.NaN, 0.2])],
    ['AUDIO_TOO_LARGE', 'a file over the size limit', speech16k(13, 0.1)],
    ['AUDIO_TOO_LONG', 'a recording over the time limit', speech16k(12.4, 0.1)],
  ];
  for (const [code, what, bytes] of unusable) {
    it(`${code}: ${what}`, async () => {
      const lesson = await lessonWithStandard();
      await assertFailed(await putLearner(world, lesson, bytes), code);
    });
  }

  it('STANDARD_UNUSABLE: the same trouble in the standard is not blamed on the learner', async () => {
    const lesson = freshLesson();
    await putStandard(world, lesson, new TextEncoder().encode('not a WAV'), pair.sentence);
    await assertFailed(await putLearner(world, lesson, learner), 'STANDARD_UNUSABLE');
  });

  it('silence is no failure: it ends with advice and without a made-up score', async () => {
    const lesson = await lessonWithStandard();
    const row = await assertScored(
      await putLearner(world, lesson, encodeWav(new Float32Array(32_000), 16_000)),
    );
    assert.equal(row['pitch_similarity'], null);
    assert.match(String(row['feedback']), /could not hear you/i);
  });

  it('SENTENCE_UNKNOWN: no text, and the recogniser cannot read it from the standard', async () => {
    const lesson = freshLesson();
    await putStandard(world, lesson, standard, null);
    await assertFailed(await putLearner(world, lesson, learner), 'SENTENCE_UNKNOWN');
  });

  it('SENTENCE_INVALID: the text beside the standard is not UTF-8', async () => {
    const lesson = freshLesson();
    await putStandard(world, lesson, standard, Buffer.from([0xff, 0xfe, 0x41, 0x00]));
    await assertFailed(await putLearner(world, lesson, learner), 'SENTENCE_INVALID');
  });

  it('WORD_UNPRONOUNCEABLE: names the word', async () => {
    const lesson = freshLesson();
    await putStandard(world, lesson, standard, 'Then she xkcdq to him.');
    const upload = await putLearner(world, lesson, learner);
    await assertFailed(upload, 'WORD_UNPRONOUNCEABLE');
    const { ours } = await outcomeOf(world, upload);
    assert.match(String(ours[0]?.['failure_message']), /xkcdq/);
  });

  it('DATABASE_REJECTED: a user that the application cannot store still has a row of ours', async () => {
    const lesson = await lessonWithStandard();
    const upload = await putLearner(world, lesson, learner, 'alice@x.org');
    const { ours, application, workflowStatus } = await outcomeOf(world, upload);
    assert.equal(workflowStatus, 'FAILED');
    assert.deepEqual(application, []);
    assert.deepEqual(
      ours.map((row) => [row['failure_code'], row['failure_message'], row['application_row_id']]),
      [
        [
          'DATABASE_REJECTED',
          'app_userpronunciation refused the row (SQLSTATE 22P02, column "user_id")',
          null,
        ],
      ],
    );
    // What PostgreSQL said quotes the user, and a history outlives every deletion request.
    const history = await world.client.workflow.getHandle(upload.workflowId).fetchHistory();
    const failures = (history.events ?? []).flatMap(
      ({ activityTaskFailedEventAttributes, workflowExecutionFailedEventAttributes }) =>
        [activityTaskFailedEventAttributes, workflowExecutionFailedEventAttributes].filter(Boolean),
    );
    assert.ok(failures.length >= 2);
    assert.ok(!JSON.stringify(failures).includes('alice'));
  });

  const speechFaults: [FailureCode, number][] = [
    ['SPEECH_REJECTED', grpc.INVALID_ARGUMENT],
    ['SPEECH_DENIED', grpc.PERMISSION_DENIED],
  ];
  for (const [code, fault] of speechFaults) {
    it(`${code}: the speech service answers ${grpc[fault] ?? ''}`, async () => {
      const lesson = await lessonWithStandard();
      const calls = world.speech.calls();
      world.speech.injectFault({ code: fault, details: 'injected', count: 1 });
      await assertFailed(await putLearner(world, lesson, varied(learner)), code);
      assert.equal(world.speech.calls() - calls, 1, 'it is not tried again');
    });
  }

  const passing: [FailureCode, grpc][] = [
    ['SPEECH_UNAVAILABLE', grpc.UNAVAILABLE],
    ['SPEECH_QUOTA', grpc.RESOURCE_EXHAUSTED],
  ];
  for (const [code, fault] of passing) {
    it(`${code}: passes by itself where the speech service recovers from ${grpc[fault]}`, async () => {
      const lesson = await lessonWithStandard();
      const calls = world.speech.calls();
      world.speech.injectFault({ code: fault, details: 'injected', count: 2 });
      const upload = await putLearner(world, lesson, varied(learner));
      await assertScored(upload);
      assert.equal(world.speech.calls() - calls, 3, 'one attempt per call, two of them failed');
      assert.deepEqual(await retriesOf(upload.workflowId), [{ attempt: 3, code }]);
    });
  }

  it('STORAGE_UNAVAILABLE: passes by itself where S3 was down', async () => {
    const lesson = await lessonWithStandard();
    const key = uploadKeyOf('9', lesson, 'elsewhere');
    const { versionId, etag } = await putObject(world, 'standard-audio-file', key, learner);
    await world.s3Server.stop();
    const upload = await startFor({ bucket: 'standard-audio-file', key, versionId, etag }, lesson);
    await retriedWith(upload.workflowId, 'STORAGE_UNAVAILABLE');
    await world.s3Server.start();
    await assertScored(upload);
  });

  it('STORAGE_DENIED: S3 refuses this identity', async () => {
    const lesson = await lessonWithStandard();
    const key = uploadKeyOf('9', lesson, 'elsewhere');
    const { versionId, etag } = await putObject(world, 'standard-audio-file', key, learner);
    const denied = await startWorkerWith({ AWS_SECRET_ACCESS_KEY: 'of somebody else' });
    try {
      const object = { bucket: 'standard-audio-file', key, versionId, etag };
      await assertFailed(await startFor(object, lesson, denied.taskQueue), 'STORAGE_DENIED');
    } finally {
      await denied.stop();
    }
  });

  it('DATABASE_UNAVAILABLE: passes by itself where PostgreSQL was down', async () => {
    const lesson = await lessonWithStandard();
    await world.postgresServer.stop();
    const upload = await putLearner(world, lesson, learner);
    await retriedWith(upload.workflowId, 'DATABASE_UNAVAILABLE');
    await world.postgresServer.start();
    await assertScored(upload);
  });

  it('DATABASE_UNAVAILABLE: passes by itself where PostgreSQL went down while the score was saved', async () => {
    const lesson = await lessonWithStandard();
    const key = uploadKeyOf('7', lesson, world.config.USER_KEY_ROOT);
    let upload: PutUpload | undefined;
    const cutOff = world.database.transaction(async (query) => {
      // The lock that saving takes first: it is held there until the server goes.
      await query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
      upload = await putLearner(world, lesson, learner);
      for (;;) {
        const waiting = await query(
          `select 1 from pg_locks where locktype = 'advisory' and not granted`,
        );
        if (waiting.length > 0) break;
      }
      await world.postgresServer.stop();
      await query('select 1');
    });
    await assert.rejects(cutOff, { code: 'DATABASE_UNAVAILABLE' });
    assert.ok(upload !== undefined);
    await retriedWith(upload.workflowId, 'DATABASE_UNAVAILABLE');
    await world.postgresServer.start();
    await assertScored(upload);
  });

  /** The steps that did not pass at once: how often each was tried, and why not the last time. */
  async function retriesOf(workflowId: string) {
    const history = await world.client.workflow.getHandle(workflowId).fetchHistory();
    return (history.events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) =>
      started?.lastFailure == null
        ? []
        : [{ attempt: started.attempt, code: started.lastFailure.applicationFailureInfo?.type }],
    );
  }

  /** Waits until an activity is being retried for this reason. */
  async function retriedWith(workflowId: string, code: FailureCode): Promise<void> {
    const handle = world.client.workflow.getHandle(workflowId);
    for (;;) {
      const { raw } = await handle.describe().catch(() => ({ raw: null }));
      const types = (raw?.pendingActivities ?? []).map(
        ({ lastFailure }) => lastFailure?.applicationFailureInfo?.type,
      );
      if (types.includes(code)) return;
    }
  }
});

/** The same recording with one sample changed: another content, which no analysis is kept for. */
let variation = 0;
function varied(wav: Buffer): Buffer {
  const copy = Buffer.from(wav);
  variation += 1;
  copy.writeInt16LE(variation, copy.length - 2);
  return copy;
}
