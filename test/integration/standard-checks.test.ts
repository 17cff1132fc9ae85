import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createScoringStore } from '../../src/adapters/postgres-scorings.ts';
import { findFaultyStandards } from '../../src/adapters/postgres-standards.ts';
import type { Database } from '../../src/adapters/postgres.ts';
import type { SaveScoreInput } from '../../src/contract.ts';
import type { StandardFinding } from '../../src/scoring/check-standard.ts';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import { exampleResult } from '../support/example-result.ts';
import { freshDatabase } from '../support/services.ts';

const digest = () => randomBytes(32).toString('hex');
const uploadOf = (key: string) => ({
  bucket: 'user',
  key,
  versionId: 'v',
  etag: 'e',
  sequencer: '01',
});
const objectOf = (key: string) => ({ bucket: 'standards', key, versionId: null, etag: 'e1' });
const inputFor = (standardKey: string, sha256 = digest()): SaveScoreInput => ({
  scoringId: digest(),
  upload: uploadOf(digest()),
  lesson: { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 1 },
  ids: { userId: '482', contentTypeId: null, objectId: null },
  sentence: 'It was good.',
  standard: { role: 'standard', object: objectOf(standardKey), sha256 },
  workflowId: 'score-x',
  runId: 'run-1',
  startedAtMs: Date.now(),
  resultKey: 'score-y',
});

describe('checks of standards', () => {
  let database: Database;
  before(async () => ({ database } = await freshDatabase()));

  const clipped: StandardFinding = {
    code: 'clipped',
    figures: { clippedShare: 0.02 },
    message: { en: 'Distorted.', ko: '찌그러졌어요.' },
  };
  const faulty = (): ScoringResult => ({
    ...exampleResult(),
    standardFindings: ['clipped'],
    standardCheck: [clipped],
  });
  const faultyKeys = async () =>
    (await findFaultyStandards(database)).map(({ object_key }) => object_key);

  it('are stored with the score, and listed where something was found', async () => {
    const store = createScoringStore(database);
    await store.saveScore(inputFor('fine.wav'), exampleResult());
    const input = inputFor('loud.wav');
    await store.saveScore(input, faulty());
    const [found, ...others] = await findFaultyStandards(database);
    assert.deepEqual(others, []);
    assert.equal(found?.object_key, 'loud.wav');
    assert.equal(found.sha256, input.standard?.sha256);
    assert.equal(found.version, 'e1');
    assert.deepEqual(found.findings, [clipped]);
    const all = await database.query('select 1 from elocute.standard_check');
    assert.equal(all.length, 2);
  });

  it('are written once for all learners of a lesson', async () => {
    const store = createScoringStore(database);
    const sha256 = digest();
    const stamps = async () =>
      database.query<{ checked_at: Date }>(
        'select checked_at from elocute.standard_check where sha256 = $1',
        [sha256],
      );
    await store.saveScore(inputFor('many.wav', sha256), faulty());
    const before = await stamps();
    await Promise.all(
      Array.from({ length: 6 }, () => store.saveScore(inputFor('many.wav', sha256), faulty())),
    );
    assert.equal(before.length, 1);
    assert.deepEqual(await stamps(), before);
  });

  it('follow the recording: a better one takes the finding off the list, the old one back on', async () => {
    const store = createScoringStore(database);
    const bad = digest();
    await store.saveScore(inputFor('replaced.wav', bad), faulty());
    assert.ok((await faultyKeys()).includes('replaced.wav'));
    await store.saveScore(inputFor('replaced.wav'), exampleResult());
    assert.ok(!(await faultyKeys()).includes('replaced.wav'));
    await store.saveScore(inputFor('replaced.wav', bad), faulty());
    assert.ok((await faultyKeys()).includes('replaced.wav'));
  });

  it('are stored for a standard that nothing can be compared with', async () => {
    const store = createScoringStore(database);
    const failure = { ...inputFor('unusable.wav'), userId: '482', message: 'does not align' };
    await store.saveFailure({ ...failure, code: 'STANDARD_UNUSABLE' });
    const found = await findFaultyStandards(database);
    const [finding] = found.find(({ object_key }) => object_key === 'unusable.wav')?.findings ?? [];
    assert.equal(finding?.code, 'unusable');
    const other = { ...inputFor('innocent.wav'), userId: '482', message: 'no quota' };
    await store.saveFailure({ ...other, code: 'AUDIO_DAMAGED' });
    assert.ok(!(await faultyKeys()).includes('innocent.wav'));
  });

  it('go with the score or not at all', async () => {
    const input = inputFor('rolled-back.wav');
    const bad = { ...input, ids: { ...input.ids, userId: 'not-a-number' } };
    await assert.rejects(createScoringStore(database).saveScore(bad, faulty()));
    assert.ok(!(await faultyKeys()).includes('rolled-back.wav'));
  });
});

describe('the advice in the application’s row', () => {
  it('is in the configured language, English where nothing is configured', async () => {
    const { database } = await freshDatabase();
    const input = { ...inputFor('any.wav'), upload: uploadOf('en.wav') };
    await createScoringStore(database).saveScore(input, exampleResult());
    const korean = { ...inputFor('any.wav'), upload: uploadOf('ko.wav') };
    await createScoringStore(database, 'ko').saveScore(korean, exampleResult());
    const rows = await database.query(
      'select audio_file, feedback from app_userpronunciation order by audio_file',
    );
    const { en, ko } = exampleResult().feedback.text;
    assert.deepEqual(rows, [
      { audio_file: 'en.wav', feedback: en },
      { audio_file: 'ko.wav', feedback: ko },
    ]);
  });
});
