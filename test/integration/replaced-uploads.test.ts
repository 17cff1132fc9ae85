import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { startScoring } from '../../src/adapters/temporal.ts';
import type { FinalStatus, LessonLine, ScorePronunciationResult } from '../../src/contract.ts';
import { failures } from '../../src/failures.ts';
import { uploadKeyOf } from '../../src/uploads/key-grammar.ts';
import {
  openWorld,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
  type Outcome,
  type PutUpload,
} from '../support/local-world.ts';
import { lessonPair } from '../support/recordings.ts';
import { startScriptedSpeech, type ScriptedSpeech } from '../support/scripted-speech.ts';
import { startUnversionedS3, type UnversionedS3 } from '../support/unversioned-s3.ts';

/** The shortest sentence of the lessons: these tests are about everything but the scores. */
const pair = lessonPair(25);
const learner = readFileSync(pair.learner);

/** The same recording with one sample changed: another content. */
function take(number: number): Buffer {
  const copy = Buffer.from(learner);
  copy.writeInt16LE(number, copy.length - 2);
  return copy;
}

const statusOf = ({ ours, workflowStatus }: Outcome) => ({
  workflow: workflowStatus,
  rows: ours.map((row) => row['status']),
  code: ours[0]?.['failure_code'],
});

describe('an upload that is replaced', function () {
  this.timeout(120_000);
  let speech: ScriptedSpeech;
  let unversioned: UnversionedS3;
  const worlds: Partial<Record<'versioned' | 'unversioned', LocalWorld>> = {};
  before(async () => {
    speech = await startScriptedSpeech('Then she turned to him');
    unversioned = await startUnversionedS3();
    const speechEndpoint = `127.0.0.1:${speech.port}`;
    worlds.versioned = await openWorld({ speechEndpoint });
    worlds.unversioned = await openWorld({
      speechEndpoint,
      environment: { S3_ENDPOINT: unversioned.endpoint },
    });
    const { s3, config } = worlds.unversioned;
    for (const Bucket of [config.USER_BUCKET, config.STANDARD_BUCKET]) {
      await s3.send(new CreateBucketCommand({ Bucket }));
    }
    await finishThree(worlds.versioned, worlds.unversioned);
  });
  after(async () => {
    await worlds.versioned?.close();
    await worlds.unversioned?.close();
    await unversioned.stop();
    speech.close();
  });

  let line = 0;
  async function freshLesson(world: LocalWorld): Promise<LessonLine> {
    line += 1;
    const lesson = { contentType: 'novel', level: 1, title: 'Replaced', line };
    await putStandard(world, lesson, readFileSync(pair.standard), pair.sentence);
    return lesson;
  }

  /** What the starter does with an event; here without a sequencer. */
  async function announce(world: LocalWorld, upload: PutUpload, lesson: LessonLine) {
    const { scoringId, key, versionId, etag } = upload;
    return startScoring(world.client, world.config.TEMPORAL_TASK_QUEUE, {
      scoringId,
      upload: { bucket: world.config.USER_BUCKET, key, versionId, etag, sequencer: null },
      userId: '7',
      lesson,
    });
  }

  async function waitingRow(world: LocalWorld, lesson: LessonLine): Promise<void> {
    await world.database.query(
      `insert into app_userpronunciation (user_id, audio_file, status, created_at)
       values (7, $1, 'pending', now())`,
      [uploadKeyOf('7', lesson, world.config.USER_KEY_ROOT)],
    );
  }

  interface Finished {
    world: LocalWorld;
    upload: PutUpload;
    lesson: LessonLine;
    outcome: Outcome;
  }
  /** One scoring for each way to end, for the tests of what comes long after. */
  const finished: Partial<Record<FinalStatus, Finished>> = {};
  async function finishThree(versioned: LocalWorld, plain: LocalWorld): Promise<void> {
    const keep = async (world: LocalWorld, upload: PutUpload, lesson: LessonLine) => {
      return { world, upload, lesson, outcome: await outcomeOf(world, upload) };
    };
    const lesson = await freshLesson(versioned);
    const scored = await putLearner(versioned, lesson, take(6));
    finished.completed = await keep(versioned, scored, lesson);
    const replacedLesson = await freshLesson(plain);
    const replaced = await putLearner(plain, replacedLesson, take(7));
    await putLearner(plain, replacedLesson, take(8));
    await announce(plain, replaced, replacedLesson);
    finished.superseded = await keep(plain, replaced, replacedLesson);
    line += 1;
    const noStandard = { ...lesson, line };
    const broken = await putLearner(versioned, noStandard, take(9));
    finished.failed = await keep(versioned, broken, noStandard);
  }

  /** Until the store's clock, which has seconds only, tells the two apart. */
  async function putLater(world: LocalWorld, lesson: LessonLine, bytes: Uint8Array) {
    const Key = uploadKeyOf('7', lesson, world.config.USER_KEY_ROOT);
    const modified = async () => {
      const head = { Bucket: world.config.USER_BUCKET, Key };
      return (await world.s3.send(new HeadObjectCommand(head))).LastModified?.getTime();
    };
    const before = await modified();
    for (;;) {
      const upload = await putLearner(world, lesson, bytes);
      if ((await modified()) !== before) return upload;
    }
  }

  for (const kind of ['versioned', 'unversioned'] as const) {
    it(`while it is scored, in a bucket that is ${kind}: both are scored once, the newer one counts`, async () => {
      const world = worlds[kind] ?? assert.fail();
      const lesson = await freshLesson(world);
      await waitingRow(world, lesson);
      // A versioned bucket announces its uploads itself, with sequencers.
      const announced = (upload: PutUpload) =>
        kind === 'versioned' ? undefined : announce(world, upload, lesson);
      const held = speech.holdNext();
      const older = await putLearner(world, lesson, take(1));
      await announced(older);
      await held.arrived;
      const newer =
        kind === 'versioned'
          ? await putLearner(world, lesson, take(2))
          : await putLater(world, lesson, take(2));
      await announced(newer);
      const scored = await outcomeOf(world, newer);
      assert.deepEqual(statusOf(scored), {
        workflow: 'COMPLETED',
        rows: ['completed'],
        code: null,
      });
      held.letGo();
      const superseded = await outcomeOf(world, older);
      assert.equal(superseded.workflowStatus, 'COMPLETED');
      assert.deepEqual(
        superseded.ours.map((row) => row['status']),
        ['superseded'],
      );
      const result = (await world.client.workflow
        .getHandle(older.workflowId)
        .result()) as ScorePronunciationResult;
      assert.equal(result.kind, 'superseded');
      // One row was waiting, one row there is: the newer one's, as it was.
      assert.deepEqual(superseded.application, scored.application);
      assert.deepEqual(
        superseded.application.map((row) => [String(row['id']), row['status']]),
        [[scored.ours[0]?.['application_row_id'], 'completed']],
      );
    });
  }

  it('before it was read, where no versions are kept, ends as superseded; the newer one has the row', async () => {
    const world = worlds.unversioned ?? assert.fail();
    const lesson = await freshLesson(world);
    await waitingRow(world, lesson);
    const older = await putLearner(world, lesson, take(3));
    const newer = await putLearner(world, lesson, take(4));
    await announce(world, older, lesson);
    const superseded = await outcomeOf(world, older);
    assert.deepEqual(statusOf(superseded), {
      workflow: 'COMPLETED',
      rows: ['superseded'],
      code: 'UPLOAD_REPLACED',
    });
    assert.deepEqual(
      superseded.application.map((row) => row['status']),
      ['pending'],
    );
    await announce(world, newer, lesson);
    const { application } = await outcomeOf(world, newer);
    assert.deepEqual(
      application.map((row) => row['status']),
      ['completed'],
    );
  });

  it('or deleted before it was read ends as superseded, and tells the learner where a row waits', async () => {
    const world = worlds.unversioned ?? assert.fail();
    const lesson = await freshLesson(world);
    await waitingRow(world, lesson);
    const upload = await putLearner(world, lesson, take(5));
    await world.s3.send(
      new DeleteObjectCommand({ Bucket: world.config.USER_BUCKET, Key: upload.key }),
    );
    await announce(world, upload, lesson);
    const outcome = await outcomeOf(world, upload);
    assert.deepEqual(statusOf(outcome), {
      workflow: 'COMPLETED',
      rows: ['superseded'],
      code: 'UPLOAD_GONE',
    });
    assert.deepEqual(
      outcome.application.map((row) => [row['status'], row['feedback']]),
      [['failed', failures.UPLOAD_GONE.learner]],
    );
  });

  describe('or is announced once more when Temporal has forgotten it', () => {
    async function forget(world: LocalWorld, { workflowId }: PutUpload): Promise<void> {
      await world.client.workflowService.deleteWorkflowExecution({
        namespace: world.client.options.namespace,
        workflowExecution: { workflowId },
      });
      const handle = world.client.workflow.getHandle(workflowId);
      for (;;) {
        try {
          await handle.describe();
        } catch (error) {
          if (error instanceof Error && error.name === 'WorkflowNotFoundError') return;
          throw error;
        }
        // The server deletes in the background, and asking without pause would slow it down.
        await sleep(200);
      }
    }

    async function activitiesOf(world: LocalWorld, { workflowId }: PutUpload): Promise<unknown[]> {
      const { events } = await world.client.workflow.getHandle(workflowId).fetchHistory();
      return (events ?? []).flatMap(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
      );
    }

    before(async function () {
      // The server may take a minute over it where it is busy.
      this.timeout(300_000);
      const { completed, superseded, failed } = finished;
      assert.ok(completed && superseded && failed);
      const all = [completed, superseded, failed];
      await Promise.all(all.map(({ world, upload }) => forget(world, upload)));
    });

    it('runs again, changes nothing, costs nothing and adds no row', async () => {
      const { world, upload, lesson, outcome } = finished.completed ?? assert.fail();
      assert.deepEqual(statusOf(outcome).rows, ['completed']);
      const calls = speech.requests.length;
      const analyses = await world.database.query('select count(*) from elocute.analysis');
      assert.equal(await announce(world, upload, lesson), 'started');
      assert.deepEqual(await outcomeOf(world, upload), outcome);
      assert.deepEqual(await activitiesOf(world, upload), ['resolveLesson']);
      assert.equal(speech.requests.length, calls);
      assert.deepEqual(
        await world.database.query('select count(*) from elocute.analysis'),
        analyses,
      );
      const result = (await world.client.workflow
        .getHandle(upload.workflowId)
        .result()) as ScorePronunciationResult;
      assert.equal(result.kind, 'completed');
      assert.equal(result.applicationRowId, outcome.ours[0]?.['application_row_id']);
    });

    it('stays superseded without being read again', async () => {
      const { world, upload, lesson, outcome } = finished.superseded ?? assert.fail();
      assert.deepEqual(statusOf(outcome).rows, ['superseded']);
      assert.equal(await announce(world, upload, lesson), 'started');
      assert.deepEqual(await outcomeOf(world, upload), outcome);
      assert.deepEqual(await activitiesOf(world, upload), ['resolveLesson']);
    });

    it('is tried again where it had failed, in the same rows', async () => {
      const { world, upload, lesson, outcome } = finished.failed ?? assert.fail();
      assert.equal(statusOf(outcome).code, 'STANDARD_MISSING');
      await putStandard(world, lesson, readFileSync(pair.standard), pair.sentence);
      assert.equal(await announce(world, upload, lesson), 'started');
      const mended = await outcomeOf(world, upload);
      assert.deepEqual(statusOf(mended), {
        workflow: 'COMPLETED',
        rows: ['completed'],
        code: null,
      });
      assert.deepEqual(
        mended.application.map((row) => [row['id'], row['status']]),
        [[outcome.application[0]?.['id'], 'completed']],
      );
    });
  });
});
