import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createReconcilePage } from '../../src/activities/reconcile-page.ts';
import {
  emptyTotals,
  type ReconcilePageInput,
  type ReconcileTotals,
  type ReconcileWindow,
} from '../../src/contract/reconciliation.ts';
import { ElocuteError } from '../../src/failures.ts';
import { classifyUpload } from '../../src/uploads/classify-upload.ts';
import { parseMessage } from '../../src/uploads/s3-event.ts';
import {
  FILTER,
  fakeWorld,
  idOf,
  rowOf,
  type FakeObject,
  type FakeWorld,
} from '../support/reconciliation-fakes.ts';

const never = new AbortController().signal;
const EVERYTHING: ReconcileWindow = { sinceMs: null, untilMs: null, exactSinceMs: null };

function object(line: number, overrides: Partial<FakeObject> = {}): FakeObject {
  return {
    key: `user-audio-file/secret-name/novel/level_1/A_Title/audio_line_${line}.wav`,
    etag: `etag-${line}`,
    versionId: `version-${line}`,
    sizeBytes: 1000,
    modifiedAtMs: 1_000_000,
    ...overrides,
  };
}

function reconcile(world: FakeWorld, overrides: Partial<ReconcilePageInput> = {}) {
  const input = { cursor: null, window: EVERYTHING, dryRun: false, maxStarts: null };
  return createReconcilePage(world)({ ...input, ...overrides }, never);
}

/** Only the counts that are not zero. */
async function counts(world: FakeWorld, overrides: Partial<ReconcilePageInput> = {}) {
  const { totals } = await reconcile(world, overrides);
  assert.equal(sumOf(totals), totals.listed, 'every key goes somewhere, once');
  const entries = Object.entries(totals).filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(entries.filter(([name, n]) => n !== 0 && name !== 'listed'));
}

function sumOf(totals: ReconcileTotals): number {
  const numbers = { ...totals, listed: 0, ...totals.ignored };
  return Object.values(numbers).reduce<number>(
    (sum, n) => sum + (typeof n === 'number' ? n : 0),
    0,
  );
}

describe('reconcilePage', () => {
  it('starts what has neither row nor workflow; the second time it changes nothing', async () => {
    const [scored, running, missing] = [object(1), object(2), object(3)];
    const world = fakeWorld([scored, running, missing]);
    world.rows.push(rowOf(scored, 2_000_000));
    world.workflows.set(idOf(running), 'running');
    const first = await reconcile(world);
    assert.deepEqual(first, {
      nextCursor: null,
      totals: {
        ...emptyTotals(),
        listed: 3,
        scored: 1,
        running: 1,
        started: 1,
        byLesson: { 'novel/level_1/A Title': 1 },
      },
    });
    assert.deepEqual(await counts(world), { scored: 1, running: 2 });
    assert.deepEqual(
      world.started.map(({ scoringId }) => scoringId),
      [idOf(missing)],
    );
  });

  for (const versionId of ['v-1', null]) {
    it(`gives the id that the event would have given, ${versionId === null ? 'without' : 'with'} versions`, async () => {
      const missing = object(1, { versionId });
      const world = fakeWorld([missing]);
      await reconcile(world);
      const { key, etag, sizeBytes } = missing;
      const parsed = parseMessage(
        JSON.stringify({
          Records: [
            {
              eventVersion: '2.1',
              eventName: 'ObjectCreated:Put',
              s3: {
                bucket: { name: FILTER.bucket },
                object: { key, eTag: etag, size: sizeBytes, versionId: versionId ?? 'null' },
              },
            },
          ],
        }),
      );
      assert.ok(parsed.kind === 'uploads' && parsed.uploads[0] !== undefined);
      const announced = classifyUpload(parsed.uploads[0], FILTER);
      assert.deepEqual(announced, { kind: 'score', input: world.started[0] });
    });
  }

  it('takes a failed row for final like any other', async () => {
    const failed = object(1);
    const world = fakeWorld([failed]);
    world.rows.push(rowOf(failed, 2_000_000));
    world.workflows.set(idOf(failed), 'failed');
    assert.deepEqual(await counts(world), { scored: 1 });
    assert.deepEqual(world.described, [], 'and asks S3 nothing about it');
  });

  it('counts what is not to be scored by the starter’s reasons', async () => {
    const world = fakeWorld([
      object(1, { key: 'user-audio-file/7/' }),
      object(2, { key: 'user-audio-file/7/novel/level_1/T/notes.txt' }),
      object(3, { key: 'user-audio-file/7/poem/level_1/T/audio_line_1.wav' }),
    ]);
    const { totals } = await reconcile(world);
    assert.deepEqual(totals.ignored, { FOLDER: 1, OTHER_SUFFIX: 1, KEY_MALFORMED: 1 });
    assert.deepEqual(world.started, []);
  });

  it('leaves what is older than asked for, and what is so young that its event is on its way', async () => {
    const bucket = [99, 100, 199, 200].map((modifiedAtMs, i) => object(i + 1, { modifiedAtMs }));
    const world = fakeWorld(bucket);
    const window = { ...EVERYTHING, sinceMs: 100, untilMs: 200 };
    assert.deepEqual(await counts(world, { window }), { older: 1, young: 1, started: 2 });
  });

  it('starts nothing in a dry run, and says how much it would start, by lesson, without names', async () => {
    const bucket = [object(1), object(2), object(3)];
    const world = fakeWorld(bucket);
    world.workflows.set(idOf(object(2)), 'running');
    const { totals } = await reconcile(world, { dryRun: true });
    assert.deepEqual([totals.started, totals.running], [2, 1]);
    assert.deepEqual(totals.byLesson, { 'novel/level_1/A Title': 2 });
    assert.ok(!JSON.stringify(totals).includes('secret-name'));
    assert.deepEqual(world.started, []);
  });

  it('tells a new upload of the same bytes from the one that was scored before it', async () => {
    const second = object(1, { versionId: 'second', modifiedAtMs: 5000 });
    const first = { ...second, versionId: 'first' };
    const world = fakeWorld([second]);
    world.rows.push(rowOf(first, 4999));
    assert.deepEqual(await counts(world), { started: 1 });
    assert.equal(world.started[0]?.scoringId, idOf(second));
  });

  it('tells them apart also where the first was scored late, if it is to be exact', async () => {
    const second = object(1, { versionId: 'second', modifiedAtMs: 5000 });
    const first = { ...second, versionId: 'first' };
    const world = fakeWorld([second]);
    world.rows.push(rowOf(first, 6000));
    assert.deepEqual(await counts(world), { scored: 1 }, 'the bytes are scored');
    const exact = (exactSinceMs: number) => ({ window: { ...EVERYTHING, exactSinceMs } });
    assert.deepEqual(await counts(world, exact(5001)), { scored: 1 });
    assert.deepEqual(await counts(world, exact(5000)), { started: 1 });
    world.rows.push(rowOf(second, 7000));
    assert.deepEqual(await counts(world, exact(5000)), { scored: 1 });
  });

  it('looks at what was replaced, where versions are compared: after the objects, page by page', async () => {
    const newest = object(1, { versionId: 'second', etag: 'new', modifiedAtMs: 9000 });
    const replaced = object(1, { versionId: 'first', modifiedAtMs: 5000 });
    const before = object(2, { versionId: 'old', modifiedAtMs: 4999 });
    const world = fakeWorld([newest], [replaced, before]);
    const page = world.reconciliation.olderVersions.page.bind(null);
    const asked: (string | null)[] = [];
    world.reconciliation.olderVersions.page = async (place, signal) => {
      asked.push(place.cursor);
      const { versions } = await page(place, signal);
      return place.cursor === null
        ? { versions, nextCursor: 'its own' }
        : { versions: [], nextCursor: null };
    };
    const window = { ...EVERYTHING, exactSinceMs: 5000 };
    const first = await reconcile(world, { window });
    const second = await reconcile(world, { window, cursor: first.nextCursor });
    const third = await reconcile(world, { window, cursor: second.nextCursor });
    assert.deepEqual(
      [first, second, third].map(({ totals }) => [totals.listed, totals.started]),
      [
        [1, 1],
        [1, 1],
        [0, 0],
      ],
    );
    assert.deepEqual([asked, third.nextCursor], [[null, 'its own'], null]);
    assert.deepEqual(
      world.started.map(({ scoringId, overtaken }) => [scoringId, overtaken]),
      [
        [idOf(newest), undefined],
        [idOf(replaced), true],
      ],
    );
    assert.deepEqual(world.described, [newest.key], 'the listing has said which version it is');
    const again = await counts(world, { window, cursor: first.nextCursor });
    assert.deepEqual(again, { running: 1 }, 'the second time it changes nothing');
  });

  it('leaves a replaced version to its event for longer than an object, if so asked', async () => {
    const versions = [99, 100].map((modifiedAtMs, line) => object(line, { modifiedAtMs }));
    const world = fakeWorld(versions, versions);
    const window = { ...EVERYTHING, exactSinceMs: 0, olderUntilMs: 100 };
    const { nextCursor: cursor, totals } = await reconcile(world, { window });
    assert.equal(totals.young, 0);
    world.workflows.clear();
    assert.deepEqual(await counts(world, { window, cursor }), { young: 1, started: 1 });
  });

  it('asks for no older versions where contents are compared', async () => {
    const world = fakeWorld([object(1)], [object(1, { versionId: 'first' })]);
    assert.equal((await reconcile(world)).nextCursor, null);
  });

  it('knows the older version whose event brought its etag alone, and what nothing identifies', async () => {
    const [announced, bare] = [object(1), object(2, { versionId: null, etag: null })];
    const world = fakeWorld([], [announced, bare]);
    world.rows.push(rowOf({ ...announced, versionId: null }, 2_000_000));
    const window = { ...EVERYTHING, exactSinceMs: 0 };
    const { nextCursor: cursor } = await reconcile(world, { window });
    assert.deepEqual(await counts(world, { window, cursor }), { scored: 1, unreadable: 1 });
  });

  it('needs no version where the bucket keeps none: equal bytes are one upload', async () => {
    const again = object(1, { versionId: null, modifiedAtMs: 9000 });
    const world = fakeWorld([again]);
    world.rows.push(rowOf(again, 5000));
    assert.deepEqual(await counts(world), { scored: 1 });
    assert.deepEqual(world.described, []);
  });

  it('knows a row whose event brought a version and no etag', async () => {
    const known = object(1);
    const world = fakeWorld([known]);
    world.rows.push({ ...rowOf(known, 2_000_000), etag: null });
    assert.deepEqual(await counts(world), { scored: 1 });
  });

  it('does not start again what an event without a version has started', async () => {
    const announced = object(1);
    const world = fakeWorld([announced]);
    world.workflows.set(idOf({ ...announced, versionId: null }), 'running');
    assert.deepEqual(await counts(world), { running: 1 });
    assert.deepEqual(world.started, []);
  });

  it('leaves what was replaced or deleted since it was listed', async () => {
    const [gone, replaced] = [object(1), object(2)];
    const world = fakeWorld([gone, replaced]);
    const describe: FakeWorld['objects']['describe'] = ({ key }) =>
      key === gone.key
        ? Promise.resolve(null)
        : Promise.reject(new ElocuteError('UPLOAD_REPLACED', 'a newer object'));
    assert.deepEqual(await counts({ ...world, objects: { describe } }), { changed: 2 });
  });

  it('counts what S3 lists and refuses to describe, and goes on with the rest', async () => {
    const world = fakeWorld([object(1), object(2), object(3)]);
    const describe = world.objects.describe.bind(null);
    world.objects.describe = (asked, signal) =>
      asked.key === object(2).key
        ? Promise.reject(new ElocuteError('STORAGE_DENIED', 'another key than ours'))
        : describe(asked, signal);
    assert.deepEqual(await counts(world), { unreadable: 1, started: 2 });
    assert.deepEqual(await counts(world), { unreadable: 1, running: 2 });
  });

  it('fails where S3 does not answer, or refuses the listing', async () => {
    const down = new ElocuteError('STORAGE_UNAVAILABLE', 'no answer');
    const world = fakeWorld([object(1)]);
    world.objects.describe = () => Promise.reject(down);
    await assert.rejects(reconcile(world), down);
    const denied = new ElocuteError('STORAGE_DENIED', 'no s3:ListBucket');
    world.reconciliation.listing.page = () => Promise.reject(denied);
    await assert.rejects(reconcile(world), denied);
  });

  it('asks S3 about what a store lists without an etag, and starts it once', async () => {
    const [plain, versioned, scored] = [object(1, { versionId: null }), object(2), object(3)];
    const world = fakeWorld([plain, versioned, scored]);
    const bare = [plain, versioned, scored].map(({ key, sizeBytes, modifiedAtMs }) => {
      return { key, etag: null, sizeBytes, modifiedAtMs };
    });
    world.reconciliation.listing.page = () => Promise.resolve({ objects: bare, nextCursor: null });
    const described = (asked: { key: string }) =>
      [plain, versioned, scored].find(({ key }) => key === asked.key)?.etag ?? assert.fail();
    const describe = world.objects.describe.bind(null);
    world.objects.describe = (asked, signal) =>
      describe({ ...asked, etag: described(asked) }, signal);
    world.rows.push(rowOf(scored, 2_000_000));
    assert.deepEqual(await counts(world), { scored: 1, started: 2 });
    assert.deepEqual(world.started.map(({ scoringId }) => scoringId).sort(), [
      ...[idOf(plain), idOf(versioned)].sort(),
    ]);
    assert.deepEqual(await counts(world), { scored: 1, running: 2 });
  });

  it('counts what S3 gives neither version nor etag: nothing tells such uploads apart', async () => {
    const world = fakeWorld([object(1, { versionId: null, etag: null }), object(2)]);
    assert.deepEqual(await counts(world), { unreadable: 1, started: 1 });
  });

  it('starts again what ended without a row, unless it had completed', async () => {
    const [terminated, erased, justFailed] = [object(1), object(2), object(3)];
    const world = fakeWorld([terminated, erased, justFailed]);
    world.workflows.set(idOf(terminated), 'failed');
    world.workflows.set(idOf(erased), 'completed');
    world.workflows.set(idOf(justFailed), 'failed');
    // Its row came after the page's query.
    const has = world.reconciliation.rows.has.bind(null);
    world.reconciliation.rows.has = (id) =>
      id === idOf(justFailed) ? Promise.resolve(true) : has(id);
    assert.deepEqual(await counts(world, { dryRun: true }), { started: 1, rowGone: 1, scored: 1 });
    assert.equal(world.started.length, 0);
    assert.deepEqual(await counts(world), { started: 1, rowGone: 1, scored: 1 });
    assert.equal(world.started[0]?.scoringId, idOf(terminated));
  });

  it('starts no more than it may, and says what it has left', async () => {
    const world = fakeWorld([1, 2, 3, 4, 5].map((line) => object(line)));
    world.workflows.set(idOf(object(1)), 'running');
    assert.deepEqual(await counts(world, { maxStarts: 2 }), { running: 1, started: 2, left: 2 });
    assert.deepEqual(await counts(world, { maxStarts: 0 }), { left: 5 });
    // Those that run already use nothing up: the smallest limit gets on.
    assert.deepEqual(await counts(world, { maxStarts: 1 }), { running: 3, started: 1, left: 1 });
    assert.deepEqual(await counts(world, { maxStarts: 1 }), { running: 4, started: 1 });
  });

  it('counts a start that Temporal refuses for good, and goes on', async () => {
    const world = fakeWorld([object(1), object(2)]);
    const start = world.reconciliation.starter.start.bind(null);
    world.reconciliation.starter.start = (input) =>
      input.lesson.line === 1 ? Promise.resolve('refused') : start(input);
    assert.deepEqual(await counts(world), { failedToStart: 1, started: 1 });
  });

  it('fails where Temporal refuses for now; its retry starts the rest, each once', async () => {
    const world = fakeWorld(Array.from({ length: 40 }, (_, i) => object(i)));
    const start = world.reconciliation.starter.start.bind(null);
    let calls = 0;
    let atOnce = 0;
    let most = 0;
    world.reconciliation.starter.start = async (input) => {
      calls += 1;
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise(setImmediate);
      atOnce -= 1;
      if (calls > 20) throw new ElocuteError('TEMPORAL_UNAVAILABLE', 'exhausted');
      return start(input);
    };
    await assert.rejects(reconcile(world), { code: 'TEMPORAL_UNAVAILABLE' });
    assert.ok(calls < 40, `it stopped asking: ${calls}`);
    assert.ok(most > 1 && most <= 8, `${most} at once`);
    world.reconciliation.starter.start = start;
    await reconcile(world);
    const ids = world.started.map(({ scoringId }) => scoringId);
    assert.equal(new Set(ids).size, 40);
    assert.equal(ids.length, 40);
  });

  it('starts every missing upload exactly once, whatever lies in the bucket', async () => {
    const state = fc.constantFrom('missing', 'scored', 'running', 'terminated', 'young', 'ignored');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(state, fc.boolean()), { maxLength: 60 }), async (all) => {
        const objects = all.map(([kind, versioned], line) =>
          object(line, {
            ...(versioned ? {} : { versionId: null }),
            ...(kind === 'young' ? { modifiedAtMs: 3_000_000 } : {}),
            ...(kind === 'ignored' ? { key: `user-audio-file/7/novel/${line}.wav` } : {}),
          }),
        );
        const world = fakeWorld(objects);
        const expected: string[] = [];
        for (const [index, [kind]] of all.entries()) {
          const one = objects[index] ?? assert.fail();
          if (kind === 'scored') world.rows.push(rowOf(one, 2_000_000));
          if (kind === 'running') world.workflows.set(idOf(one), 'running');
          if (kind === 'terminated') world.workflows.set(idOf(one), 'failed');
          if (kind === 'missing' || kind === 'terminated') expected.push(idOf(one));
        }
        const window = { ...EVERYTHING, untilMs: 2_500_000 };
        await counts(world, { window });
        const second = await counts(world, { window });
        assert.equal(second['started'] ?? 0, 0);
        assert.deepEqual(world.started.map(({ scoringId }) => scoringId).sort(), expected.sort());
      }),
    );
  });
});
