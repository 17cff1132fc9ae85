import assert from 'node:assert/strict';
import { checkPaid } from '../../bench/chaos/checker/check-paid.ts';
import { checkWorld } from '../../bench/chaos/checker/check-world.ts';
import type {
  AcceptedUpload,
  ApplicationRow,
  ScoringRow,
  WorkflowRun,
  World,
} from '../../bench/chaos/checker/world.ts';
import { uploadIdOf, workflowIdOf } from '../../bench/chaos/upload-id.ts';
import type { Expected } from '../../bench/chaos/upload-kinds.ts';

const GOOD: Expected = { status: 'completed' };
const BAD: Expected = { status: 'failed', code: 'AUDIO_DAMAGED' };

interface Scored {
  upload: AcceptedUpload;
  scoring: ScoringRow;
  row: ApplicationRow;
  workflow: WorkflowRun;
}

/** One upload with all that belongs to it, as it should be. */
function scored(name: string, rowId: string, expected: Expected = GOOD): Scored {
  const versionId = `version of ${name}`;
  const etag = `etag of ${name}`;
  const key = `user-audio-file/7/${name}`;
  const id = uploadIdOf({ bucket: 'b', key, versionId, etag });
  const status = expected.status === 'failed' ? 'failed' : 'completed';
  const failureCode = expected.status === 'failed' ? expected.code : null;
  return {
    upload: { id, key, versionId, etag, expected, current: true, eventAtRisk: false },
    scoring: {
      id,
      key,
      versionId,
      etag,
      status,
      failureCode,
      workflowId: workflowIdOf(id),
      applicationRowId: rowId,
    },
    row: { id: rowId, key, status },
    workflow: {
      type: 'scorePronunciation',
      workflowId: workflowIdOf(id),
      runId: `run of ${name}`,
      status: status === 'failed' ? 'FAILED' : 'COMPLETED',
      failure: failureCode,
      taskFailures: [],
    },
  };
}

function worldOf(...all: Partial<Scored>[]): World {
  return {
    stored: all.length,
    accepted: all.flatMap(({ upload }) => upload ?? []),
    scorings: all.flatMap(({ scoring }) => scoring ?? []),
    applicationRows: all.flatMap(({ row }) => row ?? []),
    workflows: all.flatMap(({ workflow }) => workflow ?? []),
    claims: [],
  };
}

/** `kind: name` of every breach, where the name is that of the upload. */
function breachesOf(world: World): string[] {
  return checkWorld(world).map(({ kind, why }) => `${kind}: ${why}`);
}

/** The older of two versions of one key, which S3 no longer gives. */
function older(newer: Scored, rowId: string): Scored {
  const old = scored('old', rowId);
  const { key } = newer.upload;
  return {
    upload: { ...old.upload, key, current: false },
    scoring: { ...old.scoring, key },
    row: { ...old.row, key },
    workflow: old.workflow,
  };
}

describe('the checker of a fault run', () => {
  const good = scored('good', '10');
  const bad = scored('bad', '11', BAD);

  it('finds nothing where every upload has its row', () => {
    assert.deepEqual(breachesOf(worldOf(good, bad)), []);
  });

  it('finds an upload without a row, and says whether a workflow ran', () => {
    assert.deepEqual(breachesOf(worldOf({ upload: good.upload }, bad)), ['lost: no row']);
    assert.deepEqual(breachesOf(worldOf({ upload: good.upload, workflow: good.workflow })), [
      'lost: no row, though a workflow ran',
    ]);
  });

  it('forgives a missing row only where the upload is gone and its event was lost', () => {
    const gone = (current: boolean, eventAtRisk: boolean) =>
      breachesOf(worldOf({ upload: { ...good.upload, current, eventAtRisk } }));
    assert.deepEqual(gone(false, true), []);
    assert.deepEqual(gone(true, true), ['lost: no row']);
    assert.deepEqual(gone(false, false), ['lost: no row']);
    const started = { upload: { ...good.upload, current: false, eventAtRisk: true } };
    assert.deepEqual(breachesOf(worldOf({ ...started, workflow: good.workflow })), [
      'lost: no row, though a workflow ran',
    ]);
  });

  it('finds a second row of ours, of the application, and a second run', () => {
    const again = { scoring: good.scoring };
    assert.deepEqual(breachesOf(worldOf(good, again)), ['doubled: 2 rows']);
    const rowAgain = { row: { ...good.row, id: '3' } };
    assert.deepEqual(breachesOf(worldOf(good, rowAgain)), ['orphan: no scoring has it']);
    const runAgain = { workflow: { ...good.workflow, runId: 'another' } };
    assert.deepEqual(breachesOf(worldOf(good, runAgain)), ['doubled: 2 workflow runs']);
  });

  it('finds a row that two scorings share', () => {
    const shared = { ...bad, scoring: { ...bad.scoring, applicationRowId: '10' } };
    const breaches = breachesOf(worldOf(good, shared));
    assert.ok(breaches.includes('doubled: several scorings have it'), breaches.join('\n'));
  });

  it('finds a scoring that the application does not show', () => {
    const unseen = { ...good, scoring: { ...good.scoring, applicationRowId: null } };
    assert.ok(breachesOf(worldOf(unseen)).includes('lost: no application row'));
    const { upload, scoring, workflow } = good;
    assert.deepEqual(breachesOf(worldOf({ upload, scoring, workflow })), [
      'lost: its application row is gone',
    ]);
  });

  it('finds the wrong outcome, object, version and workflow', () => {
    const wrong = (change: Partial<ScoringRow>) =>
      breachesOf(worldOf({ ...good, scoring: { ...good.scoring, ...change } }));
    assert.ok(
      wrong({ status: 'failed', failureCode: 'INTERNAL' }).includes(
        'wrong: failed INTERNAL instead of completed',
      ),
    );
    assert.ok(wrong({ key: 'another' }).includes('wrong: the row names another object'));
    assert.ok(wrong({ versionId: 'x' }).includes('wrong: the row names another version'));
    assert.ok(wrong({ etag: 'x' }).includes('wrong: the row names another version'));
    assert.ok(wrong({ workflowId: 'x' }).includes('wrong: the row names another workflow'));
    const scoredAnyway = { ...bad.scoring, status: 'completed', failureCode: null };
    assert.ok(
      breachesOf(worldOf({ ...bad, scoring: scoredAnyway })).includes(
        'wrong: completed instead of failed AUDIO_DAMAGED',
      ),
    );
  });

  it('lets only what was replaced or deleted be superseded', () => {
    const newer = scored('new', '21');
    const old = older(newer, '20');
    const superseded = { ...old, scoring: { ...old.scoring, status: 'superseded' } };
    const gone = { ...old.scoring, status: 'failed', failureCode: 'UPLOAD_GONE' };
    assert.deepEqual(breachesOf(worldOf(newer, old)), []);
    assert.deepEqual(breachesOf(worldOf(newer, superseded)), []);
    assert.ok(
      breachesOf(worldOf(newer, { ...old, scoring: gone })).includes(
        'wrong: failed UPLOAD_GONE instead of completed',
      ),
    );
    const failed = {
      ...superseded,
      workflow: { ...old.workflow, status: 'FAILED', failure: 'INTERNAL' },
    };
    assert.deepEqual(breachesOf(worldOf(newer, failed)), [
      'wrong: the row is superseded, the workflow FAILED',
    ]);
    const still = { ...good, scoring: { ...good.scoring, status: 'superseded' } };
    assert.ok(breachesOf(worldOf(still)).includes('wrong: superseded instead of completed'));
  });

  it('finds a row in which the application still waits, unless its upload left no trace', () => {
    const waiting = { row: { ...good.row, id: '9', status: 'waiting' } };
    const still = ['stuck: the application still waits'];
    assert.deepEqual(breachesOf(worldOf(good, waiting)), still);
    const trace = older(good, '8').upload;
    const lost = { upload: { ...trace, eventAtRisk: true } };
    assert.deepEqual(breachesOf(worldOf(good, waiting, lost)), []);
    const another = { row: { ...waiting.row, id: '7' } };
    assert.deepEqual(breachesOf(worldOf(good, waiting, another, lost)), still);
  });

  it('finds an older version in the place of the newer', () => {
    const newer = scored('new', '21');
    assert.deepEqual(breachesOf(worldOf(newer, older(newer, '22'))), [
      'wrong: the application shows another version of the recording',
    ]);
    const overwritten = { ...good, row: { ...good.row, status: 'failed' } };
    assert.deepEqual(breachesOf(worldOf(overwritten)), [
      'wrong: the application shows it as failed',
    ]);
  });

  it('finds rows and workflows of what nobody has uploaded', () => {
    const { scoring, row, workflow } = good;
    assert.deepEqual(breachesOf(worldOf({ scoring, row, workflow })), [
      'orphan: a row of no accepted upload',
      'orphan: a workflow of no accepted upload',
    ]);
  });

  it('finds the scoring of what is no recording of a lesson line', () => {
    const folder = { ...good.upload, expected: { status: 'unscored' } as const };
    assert.deepEqual(breachesOf(worldOf({ upload: folder })), []);
    assert.deepEqual(breachesOf(worldOf({ ...good, upload: folder })), [
      'orphan: it is no recording of a lesson line, and was scored',
    ]);
  });

  it('finds workflows that do not end, or end otherwise than by an outcome', () => {
    const ended = (change: Partial<WorkflowRun>) =>
      breachesOf(worldOf({ ...good, workflow: { ...good.workflow, ...change } }));
    assert.deepEqual(ended({ status: 'RUNNING' }), ['stuck: its workflow is RUNNING']);
    assert.deepEqual(ended({ status: 'TERMINATED' }), ['stuck: its workflow is TERMINATED']);
    assert.deepEqual(ended({ status: 'FAILED', failure: 'TypeError' }), [
      'stuck: its workflow failed without a code: TypeError',
    ]);
    assert.deepEqual(ended({ taskFailures: ['NON_DETERMINISTIC_ERROR'] }), [
      'stuck: workflow task failed: NON_DETERMINISTIC_ERROR',
    ]);
    assert.deepEqual(ended({ status: 'FAILED', failure: 'INTERNAL' }), [
      'wrong: the row is completed, the workflow FAILED',
    ]);
  });

  it('finds a reconciliation that failed, and leaves one alone that runs', () => {
    const other = (change: Partial<WorkflowRun>) => ({
      workflow: { ...good.workflow, type: 'reconcileUploads', workflowId: 'now', ...change },
    });
    const continued = other({ status: 'CONTINUED_AS_NEW' });
    assert.deepEqual(breachesOf(worldOf(good, other({ status: 'RUNNING' }), continued)), []);
    assert.deepEqual(breachesOf(worldOf(good, other({ status: 'FAILED', failure: 'X' }))), [
      'stuck: it ended as FAILED: X',
    ]);
    assert.deepEqual(breachesOf(worldOf(good, other({ taskFailures: ['NON_DETERMINISTIC'] }))), [
      'stuck: workflow task failed: NON_DETERMINISTIC',
    ]);
  });

  it('finds an analysis that is still claimed', () => {
    assert.deepEqual(breachesOf({ ...worldOf(good), claims: ['pitch-1'] }), [
      'orphan: an analysis is still claimed, and nobody computes',
    ]);
  });
});

describe('the bill of a fault run', () => {
  it('allows each content one more call for every process that ended', () => {
    const answered = ['a', 'b', 'a', 'a', 'c'];
    const shown = { contents: 3, repeated: 2, most: 3 };
    assert.deepEqual(checkPaid(answered, 2), { ...shown, overpaid: [] });
    assert.deepEqual(checkPaid(answered, 1), { ...shown, overpaid: ['a'] });
    assert.deepEqual(checkPaid([], 0), { contents: 0, repeated: 0, most: 0, overpaid: [] });
  });
});
