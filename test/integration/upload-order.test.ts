import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createScoringStore } from '../../src/adapters/postgres-scorings.ts';
import type { Database } from '../../src/adapters/postgres.ts';
import type { SavedScoring, SaveFailureInput, SaveScoreInput } from '../../src/contract.ts';
import { failures, type FailureCode } from '../../src/failures.ts';
import { learnerKo } from '../../src/failures/learner-ko.ts';
import { exampleResult } from '../support/example-result.ts';
import { freshDatabase } from '../support/services.ts';

const digest = () => randomBytes(32).toString('hex');
const FAILED = 'AUDIO_DAMAGED';
const REPLACED = failures.UPLOAD_REPLACED.learner;

/** How the versions of a key are told apart in time. */
type Knowledge = 'sequencer' | 'clock' | 'mixed' | 'nothing';

/** Three versions of one object under a key of their own. */
function versionsOf(knowledge: Knowledge): SaveScoreInput[] {
  const key = `user-audio-file/482/novel/level_1/T/${digest()}.wav`;
  return [1, 2, 3].map((number) => ({
    scoringId: digest(),
    upload: {
      bucket: 'user-audio-file',
      key,
      versionId: `v${number}`,
      etag: `e${number}`,
      // Of different lengths: padded on the right they grow.
      sequencer:
        knowledge === 'sequencer' || (knowledge === 'mixed' && number !== 2)
          ? (['0A', '0A01', '0b'][number - 1] ?? null)
          : null,
    },
    objectModifiedAtMs:
      knowledge === 'clock' || knowledge === 'mixed' ? 1_700_000_000_000 + number * 1000 : null,
    lesson: { contentType: 'novel', level: 1, title: 'T', line: 1 },
    ids: { userId: '482', contentTypeId: null, objectId: null },
    sentence: 'It was good.',
    workflowId: 'score-x',
    runId: 'run-1',
    startedAtMs: Date.now(),
    resultKey: 'score-y',
  }));
}

interface OurRow {
  id: string;
  status: string;
  failure_code: string | null;
  result: unknown;
  application_row_id: string | null;
  attempts: number;
}

interface ApplicationRow {
  id: string;
  status: string;
  feedback: string | null;
}

describe('versions of one object', function () {
  this.timeout(180_000);
  let database: Database;
  before(async () => ({ database } = await freshDatabase()));

  const scored = (number: number) => ({
    ...exampleResult(),
    feedback: { advice: [], text: { en: `Version ${number}.`, ko: `버전 ${number}.` } },
  });
  const saveScore = (versions: SaveScoreInput[], number: number, runId = 'run-1') => {
    const input = versions[number - 1] ?? assert.fail();
    return createScoringStore(database).saveScore({ ...input, runId }, scored(number));
  };
  const saveFailure = (
    versions: SaveScoreInput[],
    number: number,
    code: FailureCode,
    options: { runId?: string; language?: 'en' | 'ko' } = {},
  ): Promise<SavedScoring> => {
    const input = versions[number - 1] ?? assert.fail();
    const failure: SaveFailureInput = {
      ...input,
      userId: '482',
      runId: options.runId ?? 'run-1',
      code,
      message: `scripted ${code}`,
    };
    return createScoringStore(database, options.language).saveFailure(failure);
  };
  const keyOf = (versions: SaveScoreInput[]) => versions[0]?.upload.key ?? assert.fail();
  const waitingRow = async (versions: SaveScoreInput[]): Promise<string> => {
    const [row] = await database.query<{ id: string }>(
      `insert into app_userpronunciation (user_id, audio_file, status, created_at)
       values (482, $1, 'pending', now()) returning id::text`,
      [keyOf(versions)],
    );
    return row?.id ?? assert.fail();
  };
  const ours = (versions: SaveScoreInput[]) =>
    database.query<OurRow & Record<string, unknown>>(
      `select id, status, failure_code, result, application_row_id, attempts
       from elocute.scoring where object_key = $1 order by version_id`,
      [keyOf(versions)],
    );
  const applicationRows = (versions: SaveScoreInput[]) =>
    database.query<ApplicationRow & Record<string, unknown>>(
      `select id::text, status, feedback from app_userpronunciation
       where audio_file = $1 order by app_userpronunciation.id`,
      [keyOf(versions)],
    );
  const shown = async (versions: SaveScoreInput[]) =>
    (await applicationRows(versions)).map(({ status, feedback }) => `${status}: ${feedback ?? ''}`);

  it('end with the newest score, where an older one is late', async () => {
    const versions = versionsOf('sequencer');
    const waiting = await waitingRow(versions);
    const newer = await saveScore(versions, 2);
    assert.equal(newer.applicationRowId, waiting, 'the row that waits is the newer one’s');
    const late = await saveScore(versions, 1);
    assert.deepEqual(late, { applicationRowId: null, changed: true, status: 'superseded' });
    assert.deepEqual(await saveScore(versions, 1), { ...late, changed: false });
    assert.deepEqual(await shown(versions), ['completed: Version 2.']);
    const [older] = await ours(versions);
    assert.equal(older?.status, 'superseded');
    assert.deepEqual(older.result, scored(1), 'what it scored is kept');
    assert.equal(older.failure_code, null);
  });

  it('keep the code of a failure that came late, which no learner is told', async () => {
    const versions = versionsOf('clock');
    await saveScore(versions, 3);
    const late = await saveFailure(versions, 1, 'STANDARD_MISSING');
    assert.equal(late.status, 'superseded');
    assert.deepEqual(await shown(versions), ['completed: Version 3.']);
    assert.equal((await ours(versions))[0]?.failure_code, 'STANDARD_MISSING');
  });

  it('leave no row waiting: the older one’s says that a newer recording replaced it', async () => {
    const versions = versionsOf('sequencer');
    const first = await waitingRow(versions);
    await waitingRow(versions);
    await saveScore(versions, 2);
    const late = await saveScore(versions, 1);
    assert.equal(late.applicationRowId, first);
    assert.deepEqual(await shown(versions), [`failed: ${REPLACED}`, 'completed: Version 2.']);
  });

  it('leave the row that waits for a still newer one alone', async () => {
    const versions = versionsOf('sequencer');
    await waitingRow(versions);
    await saveScore(versions, 2);
    await waitingRow(versions);
    await saveScore(versions, 1);
    assert.deepEqual(await shown(versions), ['completed: Version 2.', 'pending: ']);
    await saveScore(versions, 3);
    assert.deepEqual(await shown(versions), ['completed: Version 2.', 'completed: Version 3.']);
  });

  it('have rows in their order, also where the older one ended while two rows waited', async () => {
    const versions = versionsOf('sequencer');
    for (let i = 0; i < 3; i += 1) await waitingRow(versions);
    await saveScore(versions, 1);
    await saveScore(versions, 2);
    await saveScore(versions, 3);
    const expected = ['completed: Version 1.', 'completed: Version 2.', 'completed: Version 3.'];
    assert.deepEqual(await shown(versions), expected);
    const rows = await applicationRows(versions);
    assert.deepEqual(
      (await ours(versions)).map((row) => row.application_row_id),
      rows.map(({ id }) => id),
    );
  });

  it('take rows by the number of their id, not by its digits', async () => {
    const versions = versionsOf('sequencer');
    for (const id of [9_999, 10_000]) {
      await database.query(
        `insert into app_userpronunciation (id, user_id, audio_file, status, created_at)
         values ($1, 482, $2, 'pending', now())`,
        [id, keyOf(versions)],
      );
    }
    assert.equal((await saveScore(versions, 2)).applicationRowId, '10000');
    assert.equal((await saveScore(versions, 1)).applicationRowId, '9999');
  });

  it('are both kept where no order is known', async () => {
    const versions = versionsOf('nothing');
    await saveScore(versions, 2);
    assert.equal((await saveScore(versions, 1)).status, 'completed');
    assert.deepEqual(await shown(versions), ['completed: Version 2.', 'completed: Version 1.']);
  });

  it('that were replaced or deleted end as superseded; a deletion is told, in the language of the advice', async () => {
    for (const [language, text] of [
      ['en', failures.UPLOAD_GONE.learner],
      ['ko', learnerKo.UPLOAD_GONE],
    ] as const) {
      const versions = versionsOf('sequencer');
      assert.equal((await saveFailure(versions, 1, 'UPLOAD_REPLACED')).status, 'superseded');
      assert.deepEqual(await shown(versions), []);
      await waitingRow(versions);
      const gone = await saveFailure(versions, 2, 'UPLOAD_GONE', { language });
      assert.equal(gone.status, 'superseded');
      assert.deepEqual(await shown(versions), [`failed: ${text}`]);
      const again = await saveFailure(versions, 2, 'UPLOAD_GONE', { runId: 'run-2', language });
      assert.deepEqual(again, { ...gone, changed: false });
      assert.deepEqual(
        (await ours(versions)).map(({ status, failure_code }) => [status, failure_code]),
        [
          ['superseded', 'UPLOAD_REPLACED'],
          ['superseded', 'UPLOAD_GONE'],
        ],
      );
    }
  });

  it('tell the learner of a failure in Korean where that is configured', async () => {
    const versions = versionsOf('sequencer');
    await waitingRow(versions);
    await waitingRow(versions);
    await saveFailure(versions, 2, FAILED, { language: 'ko' });
    await saveFailure(versions, 1, FAILED, { language: 'ko' });
    assert.deepEqual(await shown(versions), [
      `failed: ${learnerKo.UPLOAD_REPLACED}`,
      `failed: ${learnerKo[FAILED]}`,
    ]);
  });

  it('do not write into a row that the application has set back for a newer one', async () => {
    const versions = versionsOf('nothing');
    const row = await waitingRow(versions);
    await saveFailure(versions, 1, FAILED);
    await database.query(`update app_userpronunciation set status = 'pending' where id = $1`, [
      row,
    ]);
    await saveScore(versions, 2);
    await saveScore(versions, 1, 'replay');
    assert.deepEqual(await shown(versions), ['completed: Version 2.', 'completed: Version 1.']);
  });

  it('that failed can be replayed, but not past a newer one', async () => {
    const versions = versionsOf('sequencer');
    await saveFailure(versions, 1, FAILED);
    assert.equal((await saveScore(versions, 1, 'replay')).status, 'completed');
    await saveFailure(versions, 2, 'STANDARD_MISSING');
    await saveScore(versions, 3);
    assert.equal((await saveScore(versions, 2, 'replay')).status, 'superseded');
    assert.deepEqual(await shown(versions), [
      'completed: Version 1.',
      `failed: ${REPLACED}`,
      'completed: Version 3.',
    ]);
  });

  describe('saved in any order, any number of times, some of them at the same time', () => {
    type Ending = 'score' | typeof FAILED | 'UPLOAD_REPLACED' | 'UPLOAD_GONE';
    interface Plan {
      knowledge: Knowledge;
      /** How the scoring of each version ends, whichever run does it. */
      endings: [Ending, Ending, Ending];
      /** Does the application make a row when this version is uploaded? */
      rows: [boolean, boolean, boolean];
      /** Which version is saved next; before a version is saved, it and all older ones are uploaded. */
      saves: { number: number; run: number; together: boolean }[];
    }
    const ending = fc.constantFrom<Ending>(
      'score',
      'score',
      FAILED,
      'UPLOAD_REPLACED',
      'UPLOAD_GONE',
    );
    const plans = (knowledge: fc.Arbitrary<Knowledge>): fc.Arbitrary<Plan> =>
      fc
        .record({
          knowledge,
          // Whatever replaced the newest version would be a version of its own.
          endings: fc.tuple(
            ending,
            ending,
            fc.constantFrom<Ending>('score', FAILED, 'UPLOAD_GONE'),
          ),
          rows: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
          some: fc.array(
            fc.record({
              number: fc.integer({ min: 1, max: 3 }),
              run: fc.integer({ min: 1, max: 2 }),
              together: fc.boolean(),
            }),
            { maxLength: 8 },
          ),
          last: fc.shuffledSubarray([1, 2, 3], { minLength: 3 }),
        })
        .map(({ some, last, ...plan }) => ({
          ...plan,
          saves: [...some, ...last.map((number) => ({ number, run: 1, together: false }))],
        }));

    async function carryOut({ knowledge, endings, rows, saves }: Plan): Promise<SaveScoreInput[]> {
      const versions = versionsOf(knowledge);
      let uploaded = 0;
      let batch: Promise<SavedScoring>[] = [];
      for (const { number, run, together } of saves) {
        for (; uploaded < number; uploaded += 1) {
          if (rows[uploaded] === true) await waitingRow(versions);
        }
        const end = endings[number - 1] ?? assert.fail();
        const runId = `run-${run}`;
        batch.push(
          end === 'score'
            ? saveScore(versions, number, runId)
            : saveFailure(versions, number, end, { runId }),
        );
        if (!together) {
          await Promise.all(batch);
          batch = [];
          await assertNothingLost(versions);
        }
      }
      await Promise.all(batch);
      return versions;
    }

    /** A score that is completed stands in its row of the application, whatever came after it. */
    async function assertNothingLost(versions: SaveScoreInput[]): Promise<void> {
      const application = await applicationRows(versions);
      for (const row of await ours(versions)) {
        if (row.status !== 'completed') continue;
        const number = versions.findIndex(({ scoringId }) => scoringId === row.id) + 1;
        const theirs = application.find(({ id }) => id === row.application_row_id);
        assert.equal(theirs?.status, 'completed');
        assert.equal(theirs.feedback, `Version ${number}.`);
      }
    }

    async function assertExactlyOneEach(versions: SaveScoreInput[], plan: Plan): Promise<void> {
      await assertNothingLost(versions);
      const rows = await ours(versions);
      assert.deepEqual(
        rows.map(({ id }) => id),
        versions.map(({ scoringId }) => scoringId),
        'exactly one row per version',
      );
      const application = await applicationRows(versions);
      assert.ok(
        application.every(({ status }) => status === 'completed' || status === 'failed'),
        'no row waits',
      );
      const owners = rows.flatMap((row) => row.application_row_id ?? []);
      assert.equal(new Set(owners).size, owners.length, 'no row serves two scorings');
      assert.deepEqual(
        application.map(({ id }) => id),
        [...owners].sort((a, b) => Number(a) - Number(b)),
        'every row belongs to one scoring',
      );
      for (const [index, row] of rows.entries()) {
        const end = plan.endings[index];
        if (end === 'UPLOAD_REPLACED' || end === 'UPLOAD_GONE') {
          assert.deepEqual([row.status, row.failure_code], ['superseded', end]);
        } else {
          assert.ok(
            row.status === 'superseded' ||
              row.status === (end === 'score' ? 'completed' : 'failed'),
          );
        }
        if (row.status === 'completed' || row.status === 'failed') {
          assert.notEqual(row.application_row_id, null);
        }
      }
    }

    it('end with one row each, none waiting, the newest last', async () => {
      const known = fc.constantFrom<Knowledge>('sequencer', 'clock', 'mixed');
      await fc.assert(
        fc.asyncProperty(plans(known), async (plan) => {
          const versions = await carryOut(plan);
          await assertExactlyOneEach(versions, plan);
          const rows = await ours(versions);
          const owners = rows.flatMap((row) => row.application_row_id ?? []);
          const stand = rows.flatMap((row) =>
            row.status === 'superseded' ? [] : (row.application_row_id ?? []),
          );
          assert.deepEqual(
            stand,
            [...stand].sort((a, b) => Number(a) - Number(b)),
            'the rows follow the versions',
          );
          // The newest version's outcome is never overtaken, and is the last that the learner sees.
          const newest = rows[2] ?? assert.fail();
          const end = plan.endings[2];
          if (end === 'UPLOAD_GONE') return;
          assert.equal(newest.status, end === 'score' ? 'completed' : 'failed');
          assert.equal(newest.application_row_id, String(Math.max(...owners.map(Number))));
        }),
        { numRuns: 150 },
      );
    });

    it('end with one row each and none waiting, also where no order is known', async () => {
      await fc.assert(
        fc.asyncProperty(plans(fc.constant<Knowledge>('nothing')), async (plan) => {
          await assertExactlyOneEach(await carryOut(plan), plan);
        }),
        { numRuns: 80 },
      );
    });
  });
});
