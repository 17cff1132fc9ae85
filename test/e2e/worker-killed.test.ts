import assert from 'node:assert/strict';
import { join } from 'node:path';
import proto from '@temporalio/proto';
import { PROGRESS_QUERY, type ScoringProgress } from '../../src/contract.ts';
import { startMain, type RunningMain } from '../../src/local/main-child.ts';
import {
  existingWorkflow,
  openWorld,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
} from '../support/local-world.ts';
import { longLesson } from '../support/long-lesson.ts';
import { temporaryFolder } from '../support/services.ts';

const LARGEST_EVENT_BYTES = 64 * 1024;

describe('a worker that is killed', function () {
  this.timeout(240_000);
  let world: LocalWorld;
  const workers: RunningMain[] = [];
  before(async () => {
    world = await openWorld({ worker: false });
  });
  after(async () => {
    for (const worker of workers) await worker.stop();
    await world.close();
  });

  async function startWorkerProcess(name: string): Promise<RunningMain> {
    const environment = {
      PATH: process.env['PATH'] ?? '',
      AWS_ACCESS_KEY_ID: process.env['AWS_ACCESS_KEY_ID'] ?? '',
      AWS_SECRET_ACCESS_KEY: process.env['AWS_SECRET_ACCESS_KEY'] ?? '',
      ...world.environment,
    };
    const log = join(temporaryFolder('worker'), `${name}.log`);
    const worker = await startMain('worker', environment, log);
    workers.push(worker);
    return worker;
  }

  it('during the alignment of a minute costs nothing: another finishes it, in one row', async () => {
    const lesson = { contentType: 'novel', level: 9, title: 'A Long Line', line: 1 };
    const { sentence, learner, standard } = longLesson();
    await putStandard(world, lesson, standard, sentence);
    const first = await startWorkerProcess('first');
    const upload = await putLearner(world, lesson, learner);
    const handle = await existingWorkflow(world, upload.workflowId);
    for (;;) {
      const { steps } = await handle.query<ScoringProgress>(PROGRESS_QUERY);
      const alignments = steps.filter(({ name }) => name.startsWith('phones'));
      assert.ok(
        !alignments.every(({ state }) => state === 'done'),
        'killed too late to mean a thing',
      );
      const claims = await world.database.query(
        `select key from elocute.analysis_claim where key like 'alignment%'`,
      );
      if (claims.length > 0) break;
    }
    process.kill(first.pid, 'SIGKILL');
    await assert.rejects(first.failed, /SIGKILL/);
    await startWorkerProcess('second');

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
    const { events } = await handle.fetchHistory();
    const attempts = (events ?? []).flatMap((event) => {
      const started = event.activityTaskStartedEventAttributes;
      return started == null ? [] : [started.attempt ?? 0];
    });
    assert.ok(Math.max(...attempts) >= 2, 'some activity had to be taken over');
    const claims = await world.database.query('select key from elocute.analysis_claim');
    assert.deepEqual(claims, [], 'no claim of the dead worker is left');
  });

  it('leaves a history whose largest event is far below Temporal’s limits', async () => {
    const [row] = await world.database.query<{ workflow_id: string }>(
      'select workflow_id from elocute.scoring',
    );
    const handle = world.client.workflow.getHandle(row?.workflow_id ?? '');
    const { events } = await handle.fetchHistory();
    const sizes = (events ?? []).map(
      (event) => proto.temporal.api.history.v1.HistoryEvent.encode(event).finish().length,
    );
    assert.ok(sizes.length > 20);
    const largest = Math.max(...sizes);
    assert.ok(largest < LARGEST_EVENT_BYTES, `the largest event has ${largest} bytes`);
  });
});
