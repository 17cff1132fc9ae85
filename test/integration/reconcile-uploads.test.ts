import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { runReconciliation } from '../../src/adapters/temporal-reconciliation.ts';
import { startScoring } from '../../src/adapters/temporal.ts';
import { uploadFilterOf } from '../../src/adapters/upload-filter.ts';
import { productionChecks } from '../../src/commands/doctor-production.ts';
import { loadConfig } from '../../src/config.ts';
import type { LessonLine } from '../../src/contract.ts';
import type { ReconcileTotals, ReconcileUploadsInput } from '../../src/contract/reconciliation.ts';
import { classifyUpload } from '../../src/uploads/classify-upload.ts';
import { uploadKeyOf } from '../../src/uploads/key-grammar.ts';
import { startWorker } from '../../src/worker.ts';
import {
  openWorld,
  outcomeOf,
  putLearner,
  putObject,
  putStandard,
  type LocalWorld,
  type PutUpload,
} from '../support/local-world.ts';
import { startPlainStore, type PlainStore } from '../support/plain-store.ts';
import { lessonPair } from '../support/recordings.ts';
import { freshName } from '../support/services.ts';

const pair = lessonPair(25);
const learner = readFileSync(pair.learner);
const standard = readFileSync(pair.standard);

const EVERYTHING: ReconcileUploadsInput = {
  lookBackMs: null,
  graceMs: 0,
  dryRun: false,
  exactLookBackMs: null,
  maxStarts: null,
};

/** Titles that an encoding in the listing could garble. */
const LESSONS: LessonLine[] = ['Plain Title', 'A+B 100% "it\'s"', '말하기 🙂 & <b>'].map(
  (title) => ({
    contentType: 'novel',
    level: 1,
    title,
    line: 1,
  }),
);

async function reconcile(
  world: LocalWorld,
  input: Partial<ReconcileUploadsInput> = {},
): Promise<ReconcileTotals> {
  const { TEMPORAL_TASK_QUEUE: queue } = world.config;
  const run = await runReconciliation(world.client, queue, { ...EVERYTHING, ...input });
  assert.equal(run.joined, false);
  const { totals, complete } = await run.result();
  assert.equal(complete, totals.left === 0);
  return totals;
}

/** Only the counts that are not zero. */
function counted(totals: ReconcileTotals): Record<string, number> {
  const entries = Object.entries(totals).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0,
  );
  return Object.fromEntries(entries);
}

async function assertScoredOnce(world: LocalWorld, upload: PutUpload): Promise<void> {
  const { ours, application, workflowStatus } = await outcomeOf(world, upload);
  assert.equal(workflowStatus, 'COMPLETED');
  assert.deepEqual(
    [...ours, ...application].map((row) => row['status']),
    ['completed', 'completed'],
  );
}

for (const kind of ['with versions', 'without versions']) {
  describe(`reconciliation of a bucket ${kind}, while the queue is down`, function () {
    this.timeout(180_000);
    let world: LocalWorld;
    let store: PlainStore | undefined;
    const uploads: PutUpload[] = [];

    before(async () => {
      if (kind === 'without versions') store = await startPlainStore();
      const environment = store === undefined ? {} : { S3_ENDPOINT: store.endpoint };
      world = await openWorld({ starter: false, environment });
      for (const lesson of LESSONS) {
        await putStandard(world, lesson, standard, pair.sentence);
        // Raw, as some applications write titles: a space is a plus in AWS's listings.
        const key = uploadKeyOf('7', lesson, world.config.USER_KEY_ROOT).replaceAll('_T', ' T');
        uploads.push(await putObject(world, world.config.USER_BUCKET, key, learner));
      }
      await putObject(world, world.config.USER_BUCKET, 'user-audio-file/notes.txt', learner);
    });
    after(async () => {
      await world.close();
      await store?.close();
    });

    it('a dry run says what is missing, by lesson, and starts nothing', async () => {
      assert.deepEqual(
        uploads.map(({ versionId }) => versionId === null),
        LESSONS.map(() => store !== undefined),
      );
      const totals = await reconcile(world, { dryRun: true });
      assert.deepEqual(counted(totals), { listed: 4, started: 3 });
      assert.deepEqual(totals.ignored, { OTHER_SUFFIX: 1 });
      assert.deepEqual(
        totals.byLesson,
        Object.fromEntries(LESSONS.map(({ title }) => [`novel/level_1/${title}`, 1])),
      );
      for (const { workflowId } of uploads) {
        await assert.rejects(world.client.workflow.getHandle(workflowId).describe(), {
          name: 'WorkflowNotFoundError',
        });
      }
    });

    it('a run scores each upload exactly once, under the id of its event; the next finds nothing', async () => {
      assert.deepEqual(counted(await reconcile(world)), { listed: 4, started: 3 });
      for (const upload of uploads) await assertScoredOnce(world, upload);
      assert.deepEqual(counted(await reconcile(world)), { listed: 4, scored: 3 });
      const exact = await reconcile(world, { exactLookBackMs: Date.now() });
      assert.deepEqual(counted(exact), { listed: 4, scored: 3 });
    });

    if (kind === 'without versions') return;

    it('its late events start nothing more when the queue is back', async () => {
      const counts = await world.openStarter();
      while (counts.duplicate < uploads.length) await new Promise(setImmediate);
      assert.equal(counts.started, 0);
      for (const upload of uploads) await assertScoredOnce(world, upload);
    });
  });
}

describe('reconciliation', function () {
  this.timeout(180_000);
  let world: LocalWorld;
  before(async () => {
    world = await openWorld({ starter: false });
  });
  after(() => world.close());

  /** An upload whose scoring has begun, on a queue where nobody goes on with it. */
  async function stuck(lesson: LessonLine) {
    await putStandard(world, lesson, standard, pair.sentence);
    const upload = await putLearner(world, lesson, learner);
    const object = { ...upload, bucket: world.config.USER_BUCKET };
    const classified = classifyUpload(
      { ...object, sequencer: null, sizeBytes: null },
      uploadFilterOf(world.config),
    );
    assert.ok(classified.kind === 'score');
    await startScoring(world.client, freshName('nobody'), classified.input);
    return { upload, handle: world.client.workflow.getHandle(upload.workflowId) };
  }

  it('leaves what runs alone, and starts again what was terminated without a row', async () => {
    const { upload, handle } = await stuck({ ...LESSONS[0], line: 1 } as LessonLine);
    assert.deepEqual(counted(await reconcile(world)), { listed: 1, running: 1 });
    await handle.terminate('for the test');
    assert.deepEqual(counted(await reconcile(world, { dryRun: true })), { listed: 1, started: 1 });
    assert.deepEqual(counted(await reconcile(world)), { listed: 1, started: 1 });
    await assertScoredOnce(world, upload);
    assert.deepEqual(counted(await reconcile(world)), { listed: 1, scored: 1 });
  });

  it('takes a failed scoring for final: it has its row', async () => {
    const lesson = { contentType: 'novel', level: 1, title: 'Never There', line: 1 };
    const upload = await putLearner(world, lesson, learner);
    assert.equal((await reconcile(world)).started, 1);
    const { ours } = await outcomeOf(world, upload);
    assert.deepEqual(
      ours.map((row) => row['failure_code']),
      ['STANDARD_MISSING'],
    );
    assert.deepEqual(counted(await reconcile(world)), { listed: 2, scored: 2 });
  });

  it('starts a new version of the same key, and the current one alone', async () => {
    const lesson = { contentType: 'novel', level: 1, title: 'Never There', line: 2 };
    const older = await putLearner(world, lesson, learner);
    const newer = await putLearner(world, lesson, Buffer.concat([learner, Buffer.alloc(2)]));
    assert.equal((await reconcile(world)).started, 1);
    assert.equal((await outcomeOf(world, newer)).ours.length, 1);
    await assert.rejects(world.client.workflow.getHandle(older.workflowId).describe(), {
      name: 'WorkflowNotFoundError',
    });
  });

  it('gives a version that was replaced its row, where versions are compared; it is not scored', async () => {
    const lesson = { contentType: 'novel', level: 1, title: 'Replaced', line: 1 };
    await putStandard(world, lesson, standard, pair.sentence);
    const older = await putLearner(world, lesson, Buffer.concat([learner, Buffer.alloc(4)]));
    const newer = await putLearner(world, lesson, learner);
    const key = uploadKeyOf('7', { ...lesson, line: 2 }, world.config.USER_KEY_ROOT);
    const deleted = await putObject(world, world.config.USER_BUCKET, key, learner);
    await world.s3.send(new DeleteObjectCommand({ Bucket: world.config.USER_BUCKET, Key: key }));
    const exact = { exactLookBackMs: Date.now() };
    const totals = await reconcile(world, exact);
    // The replaced one of the test before is found, too.
    assert.deepEqual(totals.byLesson, {
      'novel/level_1/Never There': 1,
      'novel/level_1/Replaced': 2,
    });
    await assertScoredOnce(world, newer);
    const { ours, application, workflowStatus } = await outcomeOf(world, older);
    assert.equal(workflowStatus, 'COMPLETED');
    assert.deepEqual(
      ours.map((row) => [row['status'], row['failure_code'], row['result']]),
      [['superseded', 'UPLOAD_REPLACED', null]],
    );
    assert.deepEqual(
      application.map((row) => row['status']),
      ['completed'],
      'the application shows the newer one alone',
    );
    assert.equal((await reconcile(world, exact)).started, 0);
    await assert.rejects(world.client.workflow.getHandle(deleted.workflowId).describe(), {
      name: 'WorkflowNotFoundError',
    });
  });

  it('is told by the doctor whether it may list versions', async () => {
    const store = createServer((request, response) => {
      const isVersions = request.url?.includes('versions') === true;
      response.writeHead(isVersions ? 403 : 200).end();
    }).listen(0, '127.0.0.1');
    try {
      await once(store, 'listening');
      const { port } = store.address() as AddressInfo;
      const said = (environment: Record<string, string>) =>
        productionChecks(environment)
          .find(({ name }) => name === 'S3')
          ?.run();
      const may = await said(world.environment);
      assert.equal(may, 'both buckets answer; the user bucket lists its versions, too');
      const S3_ENDPOINT = `http://127.0.0.1:${port}`;
      const mayNot = await said({ ...world.environment, S3_ENDPOINT });
      assert.match(mayNot ?? '', /^both buckets answer; .* does not list .*s3:ListBucketVersions/);
    } finally {
      store.close();
    }
  });

  it('fails with the catalogue’s code where the bucket cannot be listed', async () => {
    const config = loadConfig({
      ...world.environment,
      USER_BUCKET: 'no-such-bucket',
      TEMPORAL_TASK_QUEUE: freshName('other'),
    });
    const worker = await startWorker(config);
    try {
      await assert.rejects(reconcile({ ...world, config }), { code: 'STORAGE_DENIED' });
    } finally {
      worker.stop();
      await worker.done;
    }
  });

  it('shows where it stands in query, details and summary', async () => {
    const { TEMPORAL_TASK_QUEUE: queue } = world.config;
    const input = { ...EVERYTHING, lookBackMs: 7_200_000, dryRun: true };
    const run = await runReconciliation(world.client, queue, input);
    await run.result();
    const { totals, pages, cursor } = await run.progress(Date.now() + 10_000);
    assert.deepEqual([pages, cursor, totals.listed], [1, null, 4]);
    const handle = world.client.workflow.getHandle(run.workflowId);
    const { currentDetails = '' } = await handle.query<{ currentDetails?: string }>(
      '__temporal_workflow_metadata',
    );
    assert.match(currentDetails, /\| scored already \| 4 \|/);
    assert.match(currentDetails, /\| would be started \| 0 \|/);
    assert.equal(await (await handle.describe()).staticSummary(), 'uploads of 2 h · dry run');
  });
});
