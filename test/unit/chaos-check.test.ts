import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { checkPaid } from '../../bench/chaos/checker/check-paid.ts';
import { checkWorld } from '../../bench/chaos/checker/check-world.ts';
import { forgivenBound, forgivenUploads } from '../../bench/chaos/checker/forgiven-uploads.ts';
import { learnerDigestOf } from '../../bench/chaos/checker/learner-digest.ts';
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
  const sha256 = `content of ${name}`;
  const id = uploadIdOf({ bucket: 'b', key, versionId, etag });
  const status = expected.status === 'failed' ? 'failed' : 'completed';
  const failureCode = expected.status === 'failed' ? expected.code : null;
  return {
    upload: {
      id,
      key,
      versionId,
      etag,
      sha256,
      expected,
      current: true,
      kept: true,
      deleted: false,
      event: 'taken',
    },
    scoring: {
      id,
      key,
      versionId,
      etag,
      status,
      failureCode,
      workflowId: workflowIdOf(id),
      applicationRowId: rowId,
      sha256,
    },
    row: { id: rowId, key, status },
    workflow: {
      type: 'scorePronunciation',
      workflowId: workflowIdOf(id),
      runId: `run of ${name}`,
      status: status === 'failed' ? 'FAILED' : 'COMPLETED',
      failure: failureCode,
      taskFailures: [],
      priority: 2,
      sha256,
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
    ends: [],
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

const CHECKER = new URL('../../bench/chaos/checker/', import.meta.url);

describe('the checker of a fault run', () => {
  it('imports nothing of the product', () => {
    const files = readdirSync(CHECKER);
    assert.ok(files.length > 0);
    for (const file of files) {
      const text = readFileSync(new URL(file, CHECKER), 'utf8');
      assert.doesNotMatch(text, /from '[^']*(src|dist)\//, file);
    }
  });

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
    const gone = (change: Partial<AcceptedUpload>) => {
      const world = worldOf({ upload: { ...good.upload, current: false, ...change } });
      return [...breachesOf(world), ...forgivenUploads(world).map(({ why }) => why)];
    };
    assert.deepEqual(gone({ event: 'lost by plan', kept: false }), [
      'event lost by plan; S3 has it no more',
    ]);
    assert.deepEqual(gone({ event: 'lost with the store', deleted: true }), [
      'event lost with the store; its key was deleted',
    ]);
    assert.deepEqual(gone({ event: 'lost with the store' }), ['lost: no row'], 'an older version');
    assert.deepEqual(gone({ event: 'lost by plan', current: true }), ['lost: no row']);
    for (const event of ['taken', 'held', null] as const) {
      assert.deepEqual(gone({ event, kept: false }), ['lost: no row'], `${event}`);
    }
    const upload = { ...good.upload, current: false, kept: false, event: 'lost by plan' } as const;
    const started = { upload };
    assert.deepEqual(breachesOf(worldOf({ ...started, workflow: good.workflow })), [
      'lost: no row, though a workflow ran',
    ]);
  });

  it('forgives a fifth of what was replaced or deleted at most', () => {
    const overtaken = (count: number) =>
      worldOf(
        ...Array.from({ length: count }, () => ({ upload: { ...good.upload, current: false } })),
        good,
      );
    assert.equal(forgivenBound(overtaken(12)), 6);
    assert.equal(forgivenBound(overtaken(100)), 20);
  });

  it('finds an upload that only reconciliation has started, though a starter had its event', () => {
    const reconciled = { ...good, workflow: { ...good.workflow, priority: 4 } };
    const found = (event: AcceptedUpload['event']) =>
      breachesOf(worldOf({ ...reconciled, upload: { ...good.upload, event } }));
    assert.deepEqual(found('lost by plan'), []);
    assert.deepEqual(found('lost with the store'), []);
    const dropped = 'dropped: only reconciliation has started it, and its event was';
    assert.deepEqual(found('taken'), [`${dropped} taken`]);
    assert.deepEqual(found('held'), [`${dropped} held`]);
    assert.deepEqual(found(null), [`${dropped} never sent`]);
  });

  it('finds a row whose content is not that of the upload', () => {
    const another = 'another content was scored than was uploaded';
    const { scoring, workflow } = good;
    const read = { ...good, scoring: { ...scoring, sha256: 'of another version' } };
    assert.deepEqual(breachesOf(worldOf(read)), [`wrong: ${another}`]);
    const analysed = { ...good, workflow: { ...workflow, sha256: 'of another version' } };
    assert.deepEqual(breachesOf(worldOf(analysed)), [`wrong: ${another}`]);
    for (const change of [
      { scoring: { ...scoring, sha256: null } },
      { workflow: { ...workflow, sha256: null } },
    ]) {
      assert.deepEqual(breachesOf(worldOf({ ...good, ...change })), [
        'wrong: it has a score, and nothing says of which content',
      ]);
    }
    const unread = {
      ...bad,
      scoring: { ...bad.scoring, sha256: null },
      workflow: { ...bad.workflow, sha256: null },
    };
    assert.deepEqual(breachesOf(worldOf(unread)), []);
  });

  it('reads from a history which content was analysed', () => {
    const data = Buffer.from(JSON.stringify({ learner: { sha256: 'a' }, standard: {} }));
    const step = (name: string) => ({
      eventId: 5n,
      activityTaskScheduledEventAttributes: { activityType: { name } },
    });
    const result = {
      activityTaskCompletedEventAttributes: {
        scheduledEventId: 5n,
        result: { payloads: [{ data }] },
      },
    };
    const digestOf = (...events: object[]) => learnerDigestOf(events);
    assert.equal(digestOf(step('resolveLesson'), result), 'a');
    assert.equal(digestOf(step('trackPitch'), result), null);
    assert.equal(digestOf(step('resolveLesson')), null);
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
    const lost = { upload: { ...trace, kept: false, event: 'lost with the store' as const } };
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
    const claims = [{ key: 'pitch-1', expiresAtMs: 0, live: true }];
    assert.deepEqual(breachesOf({ ...worldOf(good), claims }), [
      'orphan: an analysis is still claimed, and nobody computes',
    ]);
  });

  it('finds a claim that nobody took over, unless the end of a process has left it', () => {
    const ends = [{ fromMs: 100_000, endedMs: 101_000, backMs: 103_000 }];
    const left = (expiresAtMs: number) =>
      breachesOf({
        ...worldOf(good),
        ends,
        claims: [{ key: 'pitch-1', expiresAtMs, live: false }],
      });
    assert.deepEqual(left(114_000), []);
    for (const expiresAtMs of [101_000, 105_999, 117_001, 300_000]) {
      assert.deepEqual(left(expiresAtMs), [
        'orphan: a claim ran out that no end of a process explains',
      ]);
    }
  });
});

describe('the bill of a fault run', () => {
  const paid = (content: string, fromMs: number) => ({ content, fromMs, toMs: fromMs + 10 });
  const ended = (fromMs: number) => ({ fromMs, endedMs: fromMs + 1, backMs: fromMs + 20 });

  it('allows a content another call where a process has ended since the call before', () => {
    const calls = [paid('a', 100), paid('b', 150), paid('a', 200), paid('a', 300)];
    const shown = { contents: 2, repeated: 2, most: 3 };
    const both = [ended(90), ended(250)];
    assert.deepEqual(checkPaid(calls, both), { ...shown, overpaid: [] });
    assert.deepEqual(checkPaid(calls, [ended(105)]), { ...shown, overpaid: ['a'] });
    assert.deepEqual(checkPaid([], both), { contents: 0, repeated: 0, most: 0, overpaid: [] });
  });

  it('does not allow it for whatever else has ended, however often', () => {
    const elsewhere = [ended(10), ended(20), ended(400), ended(500)];
    assert.deepEqual(checkPaid([paid('a', 100), paid('a', 200)], elsewhere).overpaid, ['a']);
  });

  it('allows it where the answer came when its caller was giving up', () => {
    const again = paid('a', 30_000);
    const after = (ms: number) => checkPaid([{ ...paid('a', 0), toMs: ms }, again], []).overpaid;
    assert.deepEqual(after(7700), []);
    assert.deepEqual(after(5900), ['a']);
  });

  it('counts what has not come back as away', () => {
    const away = { fromMs: 50, endedMs: 60 };
    assert.deepEqual(checkPaid([paid('a', 100), paid('a', 200)], [away]).overpaid, []);
  });
});
