import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { startScoring } from '../../src/adapters/temporal.ts';
import type { LessonLine, ScorePronunciationInput, ScoringProgress } from '../../src/contract.ts';
import { ElocuteError } from '../../src/failures.ts';
import { createReviewStore } from '../../src/adapters/postgres-reviews.ts';
import { ffmpegPath, formatFile } from '../support/formats.ts';
import { keepScoring } from '../support/kept-scorings.ts';
import { putLearner, type PutUpload } from '../support/local-world.ts';
import { SUMMARY } from '../support/scripted-worker.ts';
import { temporaryFolder } from '../support/services.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

const lesson = { contentType: 'novel', level: 2, title: 'Troubled', line: 1 };
const teacher = { role: 'teacher', userId: 't1' } as const;
const reviewing: ScoringProgress = {
  status: 'reviewing',
  steps: [],
  summary: SUMMARY,
  failureCode: null,
  review: { because: 'overall<40', untilMs: 1 },
};

describe('the web process in trouble', function () {
  this.timeout(180_000);
  const ffmpeg = join(temporaryFolder('ffmpeg'), 'ffmpeg');
  let web: WebWorld;
  before(async () => {
    const environment = { FFMPEG_PATH: ffmpeg };
    web = await openWebWorld({ worker: false, starter: false, environment });
  });
  // Fails where something could not be closed.
  after(() => web.close());

  async function running(line: LessonLine, userId = '7'): Promise<PutUpload> {
    const { world } = web;
    const upload = await putLearner(world, line, Buffer.from(line.title), userId);
    const input: ScorePronunciationInput = {
      scoringId: upload.scoringId,
      upload: {
        ...{ bucket: world.config.USER_BUCKET, key: upload.key },
        ...{ versionId: upload.versionId, etag: upload.etag, sequencer: null },
      },
      userId,
      lesson: line,
    };
    await startScoring(world.client, world.config.TEMPORAL_TASK_QUEUE, input);
    return upload;
  }

  const ask = (scoringId: string, confidence: number, line: LessonLine = lesson) =>
    createReviewStore(web.world.database).open({
      ...{ scoringId, runId: 'run', workflowId: `score-${scoringId.slice(0, 32)}`, lesson: line },
      ...{ because: 'overall<40', confidence, before: SUMMARY },
      endsAtMs: Date.now() + 1e9,
    });

  it('shows its pages again after the object store could not be asked once', async () => {
    const { objects } = web.web.deps;
    const presign = objects.presignGet.bind(objects);
    objects.presignGet = () => Promise.reject(new ElocuteError('STORAGE_UNAVAILABLE', 'a test'));
    assert.equal((await web.call('/practice')).status, 503);
    objects.presignGet = presign;
    assert.equal((await web.call('/practice')).status, 200);
    assert.equal((await web.call('/teacher', { as: teacher })).status, 200);
  });

  it('decodes M4A by the configured ffmpeg, and once it is there after it was missing', async () => {
    const kept = await keepScoring(web.world.database, { index: 0, userId: '7' });
    const put = await putLearner(web.world, kept.lesson, formatFile('aac.m4a'), '7');
    await web.world.database.query(
      'update elocute.scoring set object_key = $2, version_id = $3, etag = $4 where id = $1',
      [kept.id, put.key, put.versionId, put.etag],
    );
    assert.equal((await web.call(`/scorings/${kept.id}`)).status, 500);
    symlinkSync(await ffmpegPath(), ffmpeg);
    const shown = await web.call(`/scorings/${kept.id}`);
    assert.equal(shown.status, 200);
    assert.match(shown.text, /data-play="learner"/);
  });

  it('tells a recording that cannot be decoded from one that is gone', async () => {
    const kept = await keepScoring(web.world.database, { index: 1, userId: '7' });
    const gone = await web.call(`/scorings/${kept.id}`);
    assert.match(gone.text, /Your recording is not kept any more/);
    const put = await putLearner(web.world, kept.lesson, Buffer.from('no audio'), '7');
    await web.world.database.query(
      'update elocute.scoring set object_key = $2, version_id = $3, etag = $4 where id = $1',
      [kept.id, put.key, put.versionId, put.etag],
    );
    const unreadable = await web.call(`/scorings/${kept.id}?lang=ko`);
    assert.match(unreadable.text, /내 녹음은 보관되어 있지만/);
  });

  it('leads from a report to the same line and to the other language', async () => {
    const kept = await keepScoring(web.world.database, { index: 2, userId: '7' });
    const { text } = await web.call(`/scorings/${kept.id}`);
    const query = 'contentType=novel&amp;title=Kept&amp;level=2&amp;line=3';
    assert.ok(text.includes(`<a href="/practice?${query}">Practise this sentence again</a>`));
    assert.ok(text.includes(`href="/scorings/${kept.id}?language=ko" lang="ko"`));
    const seen = await web.call(`/scorings/${kept.id}`, { as: teacher });
    assert.match(seen.text, /<a href="\/teacher">/);
  });

  it('says in the language of the browser how a scoring stands that has not ended', async () => {
    const upload = await running({ ...lesson, title: 'Shown' });
    const path = `/scorings/${upload.scoringId}`;
    const korean = { 'accept-language': 'fr, ko-KR;q=0.9, en;q=0.5' };
    const scored = await web.call(path, { headers: korean });
    assert.match(scored.text, /<html lang="ko">/);
    assert.match(scored.text, /http-equiv="refresh" content="2"/);
    assert.match(scored.text, /채점하고 있습니다/);
    const { workflows } = web.web.deps;
    const progress = workflows.progress.bind(workflows);
    workflows.progress = () => Promise.resolve(reviewing);
    try {
      const waits = await web.call(path);
      assert.match(waits.text, /Your teacher listens first/);
      assert.doesNotMatch(waits.text, /http-equiv="refresh"/);
      const chosen = await web.call(path, { headers: { cookie: 'elocute-language=ko' } });
      assert.match(chosen.text, /선생님이 먼저/);
      assert.match((await web.call(path, { as: teacher })).text, /Waiting for your review/);
    } finally {
      workflows.progress = progress;
    }
  });

  it('answers people with pages and programs with problems, all with the same headers', async () => {
    const browser = { accept: 'text/html,application/xhtml+xml', 'accept-language': 'ko' };
    const paths: [string, number, RegExp][] = [
      ['/scorings/none', 400, /주소를 이해할 수 없습니다/],
      ['/nowhere', 404, /아무것도 없습니다/],
      ['/%ff', 400, /주소를 이해할 수 없습니다/],
      [`/scorings/${'f'.repeat(64)}`, 404, /아무것도 없습니다/],
      ['/sign-in?code=a', 401, /로그인해 주세요/],
    ];
    for (const [path, status, text] of paths) {
      const shown = await web.call(path, { headers: browser });
      assert.equal(shown.status, status, path);
      assert.match(shown.headers.get('content-type') ?? '', /^text\/html/, path);
      assert.match(shown.text, text, path);
      for (const name of ['x-content-type-options', 'x-frame-options', 'x-request-id']) {
        assert.notEqual(shown.headers.get(name), null, `${name} of ${path}`);
      }
      assert.match(shown.headers.get('content-security-policy') ?? '', /default-src 'none'/, path);
    }
    const problem = await web.call('/%ff');
    assert.deepEqual([problem.status, problem.json['code']], [400, 'REQUEST_INVALID']);
    assert.equal(problem.headers.get('x-content-type-options'), 'nosniff');
    const api = await web.call('/api/v1/scorings/none', { headers: browser });
    assert.equal(api.json['code'], 'REQUEST_INVALID');
    assert.match(
      (await web.call('/', { as: null, headers: browser })).text,
      /로그인|링크를 여세요/,
    );
    assert.match((await web.call('/?lang=ko')).text, /7\(학습자\)/);
  });

  it('counts what the Status filter says', async () => {
    const kept = await keepScoring(web.world.database, { index: 4, userId: '31' });
    const scored = async (query: string) =>
      (await web.call(`/api/v1/insights?user=31${query}`, { as: teacher })).json['scored'];
    assert.deepEqual([await scored(''), await scored('&status=completed')], [1, 1]);
    assert.deepEqual([await scored('&status=failed'), await scored('&status=superseded')], [0, 0]);
    await web.world.database.query(
      `update elocute.scoring set status = 'superseded' where id = $1`,
      [kept.id],
    );
    assert.deepEqual([await scored(''), await scored('&status=superseded')], [0, 1]);
  });

  it('shows a teacher the findings of own lessons only', async () => {
    const { standards } = web.web.deps;
    const faulty = standards.faulty.bind(standards);
    const standard = (title: string) => ({
      ...{ bucket: 'b', version: null, findings: [], formulaVersion: '1' },
      key: `${web.config.STANDARD_KEY_ROOT}/novel/level_2/${title}/audio_line_1.wav`,
      checkedAt: new Date(0).toISOString(),
    });
    standards.faulty = () => Promise.resolve([standard('Mine'), standard('Other')]);
    const titlesFor = async (as: object) => {
      const { json } = await web.call('/api/v1/standards/findings', { as });
      return (json['standards'] as { lesson: LessonLine }[]).map(({ lesson: { title } }) => title);
    };
    assert.deepEqual(await titlesFor(teacher), ['Mine', 'Other']);
    assert.deepEqual(await titlesFor({ ...teacher, lessons: ['novel/2/Mine'] }), ['Mine']);
    standards.faulty = faulty;
  });

  describe('with reviews that wait', () => {
    const idOf = (index: number) => index.toString(16).padStart(8, '0').padEnd(64, '0');

    it('finds those of a class behind many of others, and looks at each of others’ once', async () => {
      const { workflows } = web.web.deps;
      const look = workflows.look.bind(workflows);
      const others = Array.from({ length: 120 }, (_, index) => idOf(index));
      const hers = [idOf(500), idOf(501)];
      for (const [at, id] of [...others, ...hers].entries()) await ask(id, at / 1000);
      // Another run of the same scoring, which was terminated before.
      await web.world.database.query(
        `insert into elocute.review (scoring_id, run_id, workflow_id, content_type, level, title,
           line, because, confidence, before, asked_at, ends_at)
         select scoring_id, 'before', workflow_id, content_type, level, title, line, because,
           confidence, before, asked_at - interval '1 day', ends_at
           from elocute.review where scoring_id = $1`,
        [hers[0]],
      );
      let looks = 0;
      workflows.look = (workflowId) => {
        looks += 1;
        const isHers = hers.some((id) => workflowId === `score-${id.slice(0, 32)}`);
        const upload = { bucket: 'b', key: 'k', versionId: null, etag: null, sequencer: null };
        const scoringId = isHers ? (hers[0] ?? '') : idOf(1);
        const input = { scoringId, upload, userId: isHers ? '21' : '22', lesson };
        return Promise.resolve({ input, runId: 'run', running: true });
      };
      try {
        const waiting = async () => {
          const { json } = await web.call('/api/v1/reviews', { as: { ...teacher, users: ['21'] } });
          return (json['reviews'] as { scoringId: string }[]).map(({ scoringId }) => scoringId);
        };
        assert.deepEqual(await waiting(), hers);
        assert.equal(looks, 122);
        assert.deepEqual(await waiting(), hers);
        assert.equal(looks, 124, 'of others’ it is known whose they are');
        const all = await web.call('/api/v1/reviews', { as: teacher });
        assert.equal((all.json['reviews'] as unknown[]).length, 50);
      } finally {
        workflows.look = look;
        await web.world.database.query('delete from elocute.review');
      }
    });

    it('answers 503 where nobody takes a decision', async () => {
      const { scoringId } = await running({ ...lesson, title: 'Undecided' });
      await ask(scoringId, 0.1);
      const decided = await web.call(`/api/v1/reviews/${scoringId}`, {
        method: 'POST',
        as: teacher,
        body: { kind: 'accept' },
      });
      assert.deepEqual([decided.status, decided.json['code']], [503, 'TEMPORAL_UNAVAILABLE']);
    });

    it('names teachers by what nobody finds without the secret', () => {
      const pseudonymOf = (userId: string) => web.web.deps.tokens.pseudonymOf(userId);
      assert.match(pseudonymOf('t1'), /^t-[0-9a-f]{12}$/);
      assert.equal(pseudonymOf('t1'), pseudonymOf('t1'));
      assert.notEqual(pseudonymOf('t1'), pseudonymOf('t2'));
      for (const text of ['t1', 'reviewer t1']) {
        const digest = createHash('sha256').update(text).digest('hex');
        assert.notEqual(pseudonymOf('t1'), `t-${digest.slice(0, 12)}`);
      }
    });
  });
});
