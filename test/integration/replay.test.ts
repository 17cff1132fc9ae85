import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { status as grpc } from '@grpc/grpc-js';
import { createFailedScorings } from '../../src/adapters/postgres-failed-scorings.ts';
import { createReplayLog } from '../../src/adapters/postgres-replays.ts';
import { createReplayRuns } from '../../src/adapters/temporal-replays.ts';
import type { LessonLine } from '../../src/contract.ts';
import type { FailureCode } from '../../src/failures.ts';
import type { ReplayableScoring } from '../../src/operate/failed-scorings.ts';
import type { ReplayEnd, ReplayPorts } from '../../src/operate/replay-ports.ts';
import { replayScoring } from '../../src/operate/replay-scoring.ts';
import {
  openWorld,
  outcomeOf,
  putLearner,
  putStandard,
  type LocalWorld,
  type PutUpload,
} from '../support/local-world.ts';
import { lessonPair } from '../support/recordings.ts';

const pair = lessonPair(25);
const learner = readFileSync(pair.learner);
const standard = readFileSync(pair.standard);
const WISH = {
  from: 'failed',
  force: false,
  reason: 'the cause is mended',
  requestedBy: 'ada',
} as const;

let nextLine = 0;
function freshLesson(): LessonLine {
  nextLine += 1;
  return { contentType: 'novel', level: 1, title: 'Replays', line: nextLine };
}

/** The same recording with one sample changed: another content, which no analysis is kept for. */
let variation = 0;
function varied(wav: Buffer): Buffer {
  const copy = Buffer.from(wav);
  variation += 1;
  copy.writeInt16LE(variation, copy.length - 2);
  return copy;
}

describe('a replay', function () {
  this.timeout(120_000);
  let world: LocalWorld;
  let ports: ReplayPorts;
  /** The application, which is told how each scoring ends. */
  let answer = 204;
  const application = createServer((_, response) => void response.writeHead(answer).end());
  before(async () => {
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    const { port } = application.address() as AddressInfo;
    world = await openWorld({
      environment: {
        NOTIFY_URL: `http://127.0.0.1:${port}/`,
        NOTIFY_SECRET: 'a-long-random-text-of-32-characters',
        NOTIFY_ALLOW_PRIVATE: 'true',
      },
    });
    ports = {
      scorings: createFailedScorings(world.database),
      runs: createReplayRuns(world.client, world.config.TEMPORAL_TASK_QUEUE),
      log: createReplayLog(world.database),
    };
  });
  after(async () => {
    await world.close();
    await new Promise((resolve) => application.close(resolve));
  });

  async function lessonWithStandard(sentence = pair.sentence): Promise<LessonLine> {
    const lesson = freshLesson();
    await putStandard(world, lesson, standard, sentence);
    return lesson;
  }

  async function rowOf({ scoringId }: PutUpload): Promise<ReplayableScoring> {
    const [row] = await ports.scorings.find(scoringId);
    return row ?? assert.fail('there is a row');
  }

  async function failWith(upload: PutUpload, code: FailureCode): Promise<void> {
    const { ours, workflowStatus } = await outcomeOf(world, upload);
    assert.equal(workflowStatus, code === 'CANCELLED' ? 'CANCELLED' : 'FAILED');
    assert.deepEqual(
      ours.map((row) => [row['failure_code'], row['attempts']]),
      [[code, 1]],
    );
  }

  async function replay(upload: PutUpload): Promise<Extract<ReplayEnd, { outcome: 'started' }>> {
    const end = await replayScoring(await rowOf(upload), WISH, ports);
    if (end.outcome !== 'started') assert.fail(end.note);
    return end;
  }

  /** One row in each table: completed at the second attempt, the application's row the same one. */
  async function assertMended(upload: PutUpload, applicationRows: Record<string, unknown>[]) {
    const { ours, application, workflowStatus } = await outcomeOf(world, upload);
    assert.equal(workflowStatus, 'COMPLETED');
    assert.deepEqual(
      ours.map((row) => [row['status'], row['attempts'], row['failure_code']]),
      [['completed', 2, null]],
    );
    assert.deepEqual(
      application.map((row) => row['status']),
      ['completed'],
    );
    if (applicationRows.length > 0)
      assert.equal(application[0]?.['id'], applicationRows[0]?.['id']);
  }

  async function auditOf({ scoringId }: PutUpload) {
    return world.database.query(
      `select requested_by, reason, failure_code, how, step, old_run_id, new_run_id, outcome
       from elocute.replay where scoring_id = $1 order by requested_at`,
      [scoringId],
    );
  }

  const unavailable = (code: number, count = 1) =>
    world.speech.injectFault({ code, details: 'injected', count });

  it('begins with resolveLesson where nothing lay where the standard should', async () => {
    const lesson = freshLesson();
    const upload = await putLearner(world, lesson, varied(learner));
    await failWith(upload, 'STANDARD_MISSING');
    const { application } = await outcomeOf(world, upload);
    await putStandard(world, lesson, standard, pair.sentence);
    const before = await rowOf(upload);
    const end = await replay(upload);
    assert.deepEqual([end.how, end.step], ['reset', 'resolveLesson']);
    await assertMended(upload, application);
    assert.deepEqual(await auditOf(upload), [
      {
        requested_by: 'ada',
        reason: 'the cause is mended',
        failure_code: 'STANDARD_MISSING',
        how: 'reset',
        step: 'resolveLesson',
        old_run_id: before.runId,
        new_run_id: end.newRunId,
        outcome: 'started',
      },
    ]);
  });

  it('of a parallel analysis begins there, and pays one call after SPEECH_DENIED', async () => {
    const lesson = await lessonWithStandard();
    unavailable(grpc.PERMISSION_DENIED);
    const upload = await putLearner(world, lesson, varied(learner));
    await failWith(upload, 'SPEECH_DENIED');
    const { application } = await outcomeOf(world, upload);
    const calls = world.speech.calls();
    const end = await replay(upload);
    assert.deepEqual([end.how, end.step], ['reset', 'transcribeSpeech']);
    await assertMended(upload, application);
    assert.equal(world.speech.calls() - calls, 1);
  });

  it('that fails again ends as failed with its new code', async () => {
    const lesson = await lessonWithStandard();
    unavailable(grpc.PERMISSION_DENIED);
    const upload = await putLearner(world, lesson, varied(learner));
    await failWith(upload, 'SPEECH_DENIED');
    const { application } = await outcomeOf(world, upload);
    unavailable(grpc.INVALID_ARGUMENT);
    await replay(upload);
    const again = await outcomeOf(world, upload);
    assert.deepEqual(
      again.ours.map((row) => [row['status'], row['failure_code'], row['attempts']]),
      [['failed', 'SPEECH_REJECTED', 2]],
    );
    assert.deepEqual(
      again.application.map(({ id, status }) => [id, status]),
      application.map(({ id }) => [id, 'failed']),
    );
    // And a third attempt, which finds nothing in its way.
    await replay(upload);
    const { ours } = await outcomeOf(world, upload);
    assert.deepEqual([ours[0]?.['status'], ours[0]?.['attempts']], ['completed', 3]);
  });

  it('reads a corrected sentence, though an analysis failed and not resolveLesson', async () => {
    const lesson = await lessonWithStandard('Then she xkcdq to him.');
    const upload = await putLearner(world, lesson, varied(learner));
    await failWith(upload, 'WORD_UNPRONOUNCEABLE');
    const { application } = await outcomeOf(world, upload);
    await putStandard(world, lesson, standard, pair.sentence);
    const end = await replay(upload);
    assert.equal(end.step, 'resolveLesson');
    await assertMended(upload, application);
  });

  it('begins with scoreRecording where the comparison failed', async () => {
    const lesson = await lessonWithStandard();
    // Nobody can keep a score: the other analyses are kept.
    await world.database.query(
      `alter table elocute.analysis add constraint no_scores check (kind <> 'score') not valid`,
    );
    let upload: PutUpload;
    try {
      upload = await putLearner(world, lesson, varied(learner));
      await failWith(upload, 'DATABASE_REJECTED');
    } finally {
      await world.database.query('alter table elocute.analysis drop constraint no_scores');
    }
    const { application } = await outcomeOf(world, upload);
    const calls = world.speech.calls();
    const end = await replay(upload);
    assert.deepEqual([end.how, end.step], ['reset', 'scoreRecording']);
    await assertMended(upload, application);
    assert.equal(world.speech.calls() - calls, 0);
  });

  /** The application's table refuses scores, as after a migration that went wrong. */
  async function failedSave(): Promise<PutUpload> {
    const lesson = await lessonWithStandard();
    await world.database.query(
      `alter table app_userpronunciation add constraint no_scores check (status <> 'completed') not valid`,
    );
    try {
      const upload = await putLearner(world, lesson, varied(learner));
      await failWith(upload, 'DATABASE_REJECTED');
      return upload;
    } finally {
      await world.database.query('alter table app_userpronunciation drop constraint no_scores');
    }
  }

  it('begins with saveScore where the database refused the score; no recogniser is called', async () => {
    const upload = await failedSave();
    const { application } = await outcomeOf(world, upload);
    const calls = world.speech.calls();
    const end = await replay(upload);
    assert.deepEqual([end.how, end.step], ['reset', 'saveScore']);
    await assertMended(upload, application);
    assert.equal(world.speech.calls() - calls, 0);
  });

  it('is a new run where Temporal has forgotten the failed one; no recogniser is called', async () => {
    const upload = await failedSave();
    const { application } = await outcomeOf(world, upload);
    const { runId } = await rowOf(upload);
    await world.client.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: upload.workflowId, runId },
    });
    const row = await rowOf(upload);
    while ((await ports.runs.look(row, 'failed')).kind !== 'gone') await new Promise(setImmediate);
    const calls = world.speech.calls();
    const end = await replay(upload);
    assert.equal(end.how, 'new run');
    assert.equal(end.oldRunId, runId);
    await assertMended(upload, application);
    assert.equal(world.speech.calls() - calls, 0);
  });

  it('waits for no application that cannot be told of the failure', async () => {
    const lesson = await lessonWithStandard();
    unavailable(grpc.PERMISSION_DENIED);
    answer = 503;
    try {
      const upload = await putLearner(world, lesson, varied(learner));
      let row: ReplayableScoring | undefined;
      do [row] = await ports.scorings.find(upload.scoringId);
      while (row === undefined || (await ports.runs.look(row, 'failed')).kind === 'running');
      const { status } = await world.client.workflow.getHandle(upload.workflowId).describe();
      assert.equal(status.name, 'RUNNING', 'it tries to tell it for a day');
      const end = await replay(upload);
      assert.deepEqual([end.how, end.step], ['reset', 'transcribeSpeech']);
      answer = 204;
      await assertMended(upload, []);
    } finally {
      answer = 204;
    }
  });

  it('of one that somebody cancelled is not cancelled again', async () => {
    const lesson = await lessonWithStandard();
    unavailable(grpc.UNAVAILABLE, 1000);
    const upload = await putLearner(world, lesson, varied(learner));
    const calls = world.speech.calls();
    while (world.speech.calls() === calls) await new Promise(setImmediate);
    await world.client.workflow.getHandle(upload.workflowId).cancel();
    await failWith(upload, 'CANCELLED');
    const { application } = await outcomeOf(world, upload);
    world.speech.injectFault({ code: grpc.UNAVAILABLE, details: 'over', count: 0 });
    await replay(upload);
    await assertMended(upload, application);
  });

  it('happens once where two ask at the same time', async () => {
    const upload = await failedSave();
    const row = await rowOf(upload);
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let first: Promise<ReplayEnd> = Promise.resolve({ outcome: 'failed', note: 'never begun' });
    await new Promise<void>((hasLooked) => {
      const look: ReplayPorts['runs']['look'] = async (scoring, from) => {
        const standing = await ports.runs.look(scoring, from);
        hasLooked();
        await held;
        return standing;
      };
      first = replayScoring(row, WISH, { ...ports, runs: { ...ports.runs, look } });
    });
    // The first has seen a closed run and has not reset it yet.
    const others = await Promise.all([1, 2].map(() => replayScoring(row, WISH, ports)));
    letGo();
    const refusal = { outcome: 'refused', note: 'somebody is replaying it at this moment' };
    assert.deepEqual(others, [refusal, refusal]);
    assert.equal((await first).outcome, 'started');
    await assertMended(upload, []);
    const late = await replayScoring(row, WISH, ports);
    assert.equal(late.outcome, 'refused');
    const { ours } = await outcomeOf(world, upload);
    assert.equal(ours[0]?.['attempts'], 2);
  });

  it('is refused for one that runs, that is completed, or that a replay cannot help', async () => {
    const lesson = await lessonWithStandard();
    unavailable(grpc.PERMISSION_DENIED);
    const upload = await putLearner(world, lesson, varied(learner));
    await failWith(upload, 'SPEECH_DENIED');
    const row = await rowOf(upload);
    unavailable(grpc.UNAVAILABLE, 2);
    await replay(upload);
    assert.deepEqual(await replayScoring(row, WISH, ports), {
      outcome: 'refused',
      note: 'it runs already',
    });
    await assertMended(upload, []);
    const completed = await replayScoring(await rowOf(upload), WISH, ports);
    assert.match(completed.outcome === 'refused' ? completed.note : '', /elocute rescore/);
    const damaged = await putLearner(world, lesson, new Uint8Array([1, 2, 3]), '8');
    const { ours } = await outcomeOf(world, damaged);
    const helpless = await replayScoring(await rowOf(damaged), WISH, ports);
    const code = String(ours[0]?.['failure_code']);
    assert.match(
      helpless.outcome === 'refused' ? helpless.note : '',
      new RegExp(`a replay cannot help with ${code}`),
    );
    assert.deepEqual(await auditOf(damaged), []);
  });
});
