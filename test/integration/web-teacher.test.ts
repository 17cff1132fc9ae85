import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { putLearner, putStandard } from '../support/local-world.ts';
import { keepScoring } from '../support/kept-scorings.ts';
import { lessonPair } from '../support/recordings.ts';
import { openEvents, type ServerEvent } from '../support/server-events.ts';
import type { ShownProgress } from '../../src/web/shown-progress.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

const pair = lessonPair(16);
const teacher = { role: 'teacher' as const, userId: 't1' };
const ofOne = { ...teacher, userId: 't2', users: ['21'] };
const reviewed = { contentType: 'novel', level: 2, title: 'Reviewed', line: 1 };

interface Row {
  id: string;
  userId: string;
  summary: { overall: number | null };
}

describe('what teachers ask the API', function () {
  this.timeout(180_000);
  let web: WebWorld;
  let results: {
    userId: string;
    overall: number | null;
    words: { text: string; kind: string }[];
  }[];

  before(async () => {
    web = await openWebWorld({ environment: { REVIEW_POLICY: 'lesson:novel/level_2/Reviewed' } });
    results = [];
    for (let index = 0; index < 12; index += 1) {
      const userId = String(21 + (index % 3));
      // The last two say what the first two said: with equal scores.
      const kept = { index: index % 10, userId };
      const { result } = await keepScoring(web.world.database, kept);
      results.push({ userId, overall: result.overall, words: result.words });
    }
  });
  after(() => web.close());

  async function everyRow(sort: string, as: object = teacher): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor: string | null = null;
    do {
      const next = cursor === null ? '' : `&cursor=${cursor}`;
      const answer = await web.call(`/api/v1/scorings?sort=${sort}&limit=5${next}`, { as });
      assert.equal(answer.status, 200, answer.text);
      rows.push(...(answer.json['scorings'] as Row[]));
      cursor = answer.json['nextCursor'] as string | null;
    } while (cursor !== null);
    return rows;
  }

  it('sorts by score over pages, without gaps or doubles', async () => {
    const scores = results.flatMap(({ overall }) => (overall === null ? [] : [overall]));
    const highest = await everyRow('highest');
    assert.deepEqual(
      highest.map(({ summary }) => summary.overall),
      scores.toSorted((a, b) => b - a),
    );
    const lowest = await everyRow('lowest');
    assert.deepEqual(
      lowest.map(({ id }) => id),
      highest.map(({ id }) => id).toReversed(),
    );
    const oldest = await everyRow('oldest');
    assert.deepEqual(
      oldest.map(({ id }) => id),
      (await everyRow('latest')).map(({ id }) => id).toReversed(),
    );
    assert.equal(oldest.length, 12);
  });

  it('refuses a cursor of another order', async () => {
    const first = await web.call('/api/v1/scorings?sort=highest&limit=2', { as: teacher });
    const cursor = String(first.json['nextCursor']);
    const other = await web.call(`/api/v1/scorings?sort=lowest&limit=2&cursor=${cursor}`, {
      as: teacher,
    });
    assert.deepEqual([other.status, other.json['code']], [400, 'CURSOR_INVALID']);
  });

  it('counts what is hard, of what the teacher may see', async () => {
    const all = await web.call('/api/v1/insights', { as: teacher });
    assert.equal(all.status, 200, all.text);
    const { scored, learners, distribution, words, sounds, overall, progress } =
      all.json as unknown as {
        scored: number;
        learners: number;
        overall: number;
        distribution: number[];
        words: { name: string; said: number; missed: number }[];
        sounds: { name: string; said: number; missed: number; score: number }[];
        progress: { scored: number }[];
      };
    const known = results.filter((one) => one.overall !== null);
    const mean = known.reduce((sum, one) => sum + (one.overall ?? 0), 0) / known.length;
    assert.deepEqual([scored, learners], [known.length, 3]);
    assert.ok(Math.abs(overall - mean) < 0.051, `${overall} is not ${mean}`);
    assert.equal(
      distribution.reduce((sum, count) => sum + count),
      known.length,
    );
    assert.equal(
      progress.reduce((sum, one) => sum + one.scored, 0),
      known.length,
    );
    const spoken = results.flatMap((one) => one.words).filter(({ kind }) => kind !== 'inserted');
    for (const { name, said, missed } of words) {
      const same = spoken.filter(({ text }) => text === name);
      assert.deepEqual(
        [said, missed],
        [same.length, same.filter(({ kind }) => kind !== 'ok').length],
      );
    }
    assert.ok(words.length > 0 && sounds.length > 0);
    assert.ok(sounds.every(({ said, missed, score }) => missed <= said && score <= 100));
    const one = await web.call('/api/v1/insights', { as: ofOne });
    const mine = known.filter(({ userId }) => userId === '21').length;
    assert.deepEqual([one.json['scored'], one.json['learners']], [mine, 1]);
    const none = await web.call('/api/v1/insights?user=22', { as: ofOne });
    assert.equal(none.json['scored'], 0, 'a filter shows nobody else');
  });

  it('refuses learners', async () => {
    for (const path of ['/api/v1/insights', '/api/v1/scorings.csv', '/api/v1/reviews']) {
      assert.equal((await web.call(path, { as: { userId: '21' } })).status, 403, path);
    }
    assert.equal((await web.call('/teacher', { as: { userId: '21' } })).status, 403);
    assert.equal((await web.call('/teacher', { as: null })).status, 401);
    assert.equal((await web.call('/teacher', { as: teacher })).status, 200);
  });

  it('exports a table that no spreadsheet computes', async () => {
    await keepScoring(web.world.database, { index: 3, userId: '+24', title: '=cmd|calc' });
    const { status, headers } = await web.call('/api/v1/scorings.csv', { as: teacher });
    assert.equal(status, 200);
    assert.match(headers.get('content-type') ?? '', /^text\/csv/);
    assert.match(headers.get('content-disposition') ?? '', /^attachment/);
    // `text()` takes the mark away.
    const response = await fetch(`${web.origin}/api/v1/scorings.csv`, {
      headers: { authorization: `Bearer ${await web.tokenFor(teacher)}` },
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const lines = bytes.toString('utf8').trim().split('\r\n');
    assert.equal(lines.length, 1 + 13);
    assert.ok(lines[1]?.includes(`,'+24,novel,2,'=cmd|calc,4,`), lines[1]);
    const own = await web.call('/api/v1/scorings.csv', { as: ofOne });
    assert.equal(own.text.trim().split('\r\n').length, 1 + 4);
  });

  it('shows what waits for a review, and takes one decision', async () => {
    await putStandard(web.world, reviewed, readFileSync(pair.standard), pair.sentence);
    const { scoringId } = await putLearner(web.world, reviewed, readFileSync(pair.learner), '21');
    const waiting = async (as: object = teacher) =>
      (await web.call('/api/v1/reviews', { as })).json['reviews'] as {
        scoringId: string;
        userId: string;
        before: { overall: number };
      }[];
    let found = await waiting();
    while (found.length === 0) found = await waiting();
    assert.deepEqual([found[0]?.scoringId, found[0]?.userId], [scoringId, '21']);
    assert.equal((await waiting(ofOne)).length, 1);
    const scoring = `/api/v1/scorings/${scoringId}`;
    const learner = { role: 'learner', userId: '21' } as const;
    const progressFor = async (as: object) => {
      const { status, progress } = (await web.call(scoring, { as })).json as unknown as {
        status: string;
        progress: ShownProgress;
      };
      assert.equal(status, 'reviewing');
      return progress;
    };
    const told = await progressFor(teacher);
    assert.deepEqual(told.summary, found[0]?.before);
    assert.equal(told.review?.because, 'lesson:novel/level_2/Reviewed');
    const untold = await progressFor(learner);
    assert.deepEqual([untold.summary, untold.review], [null, { untilMs: told.review.untilMs }]);
    const events: ServerEvent[] = [];
    const url = `${web.origin}${scoring}/events`;
    for await (const one of openEvents(url, await web.tokenFor(learner))) events.push(one);
    assert.deepEqual(
      events.map(({ event, data }) => [event, data]),
      [
        ['progress', untold],
        ['end', { id: scoringId, status: 'reviewing', failureCode: null }],
      ],
    );
    const stranger = { ...teacher, users: ['99'] };
    assert.equal((await waiting(stranger)).length, 0);
    const path = `/api/v1/reviews/${scoringId}`;
    const decide = (as: object, body: object) => web.call(path, { method: 'POST', as, body });
    const body = { kind: 'override', reason: 'a cold', scores: { overall: 93.5 } };
    assert.equal((await decide(stranger, body)).status, 404);
    assert.equal((await decide(teacher, { ...body, reason: ' ' })).status, 400);
    assert.equal((await decide(teacher, { ...body, scores: {} })).status, 400);
    const decided = await decide(teacher, body);
    assert.equal(decided.status, 200, decided.text);
    assert.equal(decided.json['decision'], 'overridden');
    let shown = await web.call(`/api/v1/scorings/${scoringId}`, { as: teacher });
    while (['scoring', 'reviewing'].includes(String(shown.json['status']))) {
      shown = await web.call(`/api/v1/scorings/${scoringId}`, { as: teacher });
    }
    assert.equal((shown.json['result'] as { overall: number }).overall, 93.5);
    const [row] = await web.world.database.query<{ reviewer: string }>(
      'select reviewer from elocute.review where scoring_id = $1',
      [scoringId],
    );
    assert.match(row?.reviewer ?? '', /^t-[0-9a-f]{12}$/, 'a pseudonym');
    assert.equal((await decide(teacher, { kind: 'accept' })).status, 404, 'it waits no more');
  });
});
