import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ScoringResult } from '../../src/scoring/scoring-result.ts';
import type { Difficulty } from '../../src/web/web-ports.ts';
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

/** By three learners. */
const SCORED = 24;
const OF_EACH = SCORED / 3;

const SCORES = {
  overall: ['highest', 'lowest'],
  accuracy: ['highestAccuracy', 'lowestAccuracy'],
  fluency: ['highestFluency', 'lowestFluency'],
  prosody: ['highestProsody', 'lowestProsody'],
} as const;

type Score = keyof typeof SCORES;

interface Row {
  id: string;
  userId: string;
  lesson: { title: string };
  summary: Record<Score, number | null>;
}

/** The eight hardest of what was said twice or more and missed once or more, the hardest first. */
function hardest(parts: { name: string; missed: boolean; score: number | null }[]): Difficulty[] {
  const share = ({ missed, said }: Difficulty) => (missed + 1) / (said + 4);
  return [...new Set(parts.map(({ name }) => name))]
    .map((name) => {
      const same = parts.filter((part) => part.name === name);
      const scores = same.flatMap(({ score }) => score ?? []);
      const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
      const missed = same.filter((part) => part.missed).length;
      return { name, said: same.length, missed, score: Math.round(mean * 10) / 10 };
    })
    .filter(({ said, missed }) => said >= 2 && missed >= 1)
    .sort((a, b) => share(b) - share(a) || (a.name < b.name ? -1 : 1))
    .slice(0, 8);
}

describe('what teachers ask the API', function () {
  this.timeout(180_000);
  let web: WebWorld;
  let results: (Pick<ScoringResult, Score | 'words'> & { id: string; userId: string })[];

  before(async () => {
    web = await openWebWorld({ environment: { REVIEW_POLICY: 'lesson:novel/level_2/Reviewed' } });
    results = [];
    for (let index = 0; index < SCORED; index += 1) {
      const userId = String(21 + (index % 3));
      // The ten with most to practise, over and over: with equal scores.
      const kept = { index: 20 + (index % 10), userId };
      const { id, result } = await keepScoring(web.world.database, kept);
      results.push({ ...result, id, userId });
    }
  });
  after(() => web.close());

  async function everyRow(query: string, as: object = teacher): Promise<Row[]> {
    const rows: Row[] = [];
    let cursor: string | null = null;
    do {
      const next = cursor === null ? '' : `&cursor=${cursor}`;
      const answer = await web.call(`/api/v1/scorings?${query}&limit=5${next}`, { as });
      assert.equal(answer.status, 200, answer.text);
      rows.push(...(answer.json['scorings'] as Row[]));
      cursor = answer.json['nextCursor'] as string | null;
    } while (cursor !== null);
    return rows;
  }

  it('sorts by each score over pages, without gaps or doubles', async () => {
    for (const [score, [down, up]] of Object.entries(SCORES) as [Score, readonly string[]][]) {
      // One has no such score: it stands in no order of it.
      const [without, ...others] = results;
      const { database } = web.world;
      const set = (value: number | null) =>
        database.query(
          `update elocute.scoring set result = jsonb_set(result, array[$2], $3::jsonb) where id = $1`,
          [without?.id, score, JSON.stringify(value)],
        );
      await set(null);
      const scores = others.flatMap((one) => one[score] ?? []);
      assert.ok(new Set(scores).size < scores.length, 'some are equal');
      const highest = await everyRow(`sort=${down}`);
      assert.deepEqual(
        highest.map(({ summary }) => summary[score]),
        scores.toSorted((a, b) => b - a),
      );
      assert.equal(new Set(highest.map(({ id }) => id)).size, scores.length);
      const lowest = await everyRow(`sort=${up}`);
      assert.deepEqual(
        lowest.map(({ id }) => id),
        highest.map(({ id }) => id).toReversed(),
      );
      await set(without?.[score] ?? null);
    }
  });

  it('sorts by time over pages, without gaps or doubles', async () => {
    const oldest = await everyRow('sort=oldest');
    assert.deepEqual(
      oldest.map(({ id }) => id),
      (await everyRow('sort=latest')).map(({ id }) => id).toReversed(),
    );
    assert.equal(oldest.length, SCORED);
  });

  it('shows the classes of a token one by one, and nobody else', async () => {
    const classes = new Map([
      ['3B', ['21']],
      ['3C', ['22', '99']],
    ]);
    const ofTwo = { ...teacher, userId: 't3', classes };
    const learners = async (query: string, as: object = ofTwo) =>
      [...new Set((await everyRow(query, as)).map(({ userId }) => userId))].sort();
    assert.deepEqual(await learners('class=3B'), ['21']);
    assert.deepEqual(await learners('class=3C'), ['22']);
    assert.deepEqual(await learners(''), ['21', '22'], 'no class, no others');
    assert.deepEqual(await learners('class=3B&user=22'), []);
    assert.deepEqual(await learners('class=3C', { ...ofTwo, users: ['21'] }), []);
    const insights = await web.call('/api/v1/insights?class=3B', { as: ofTwo });
    const known = results.filter(({ userId, overall }) => userId === '21' && overall !== null);
    assert.deepEqual([insights.json['learners'], insights.json['scored']], [1, known.length]);
    const table = await web.call('/api/v1/scorings.csv?class=3C', { as: ofTwo });
    assert.equal(table.text.trim().split('\r\n').length, 1 + OF_EACH);
    const page = await web.call('/teacher', { as: ofTwo });
    assert.match(page.text, /"classes":\["3B","3C"\]/);
  });

  it('refuses a class that is none of the token', async () => {
    const classes = new Map([['3B', ['21']]]);
    const asked = [
      { ...teacher, classes },
      { ...teacher, classes: new Map() },
      teacher,
      { role: 'operator' as const, userId: 'ops' },
    ];
    for (const as of asked) {
      for (const path of ['scorings', 'insights', 'scorings.csv']) {
        const { status, json } = await web.call(`/api/v1/${path}?class=3C`, { as });
        assert.deepEqual([status, json['code']], [400, 'REQUEST_INVALID'], path);
        assert.deepEqual(json['errors'], [
          { field: 'query.class', message: 'is no class of this token' },
        ]);
      }
    }
    const nobody = await everyRow('', { ...teacher, classes: new Map() });
    assert.deepEqual(nobody, [], 'a token with no class shows nobody');
  });

  it('finds titles by a part of them, whatever the case, and patterns as text', async () => {
    const { database } = web.world;
    const [{ id } = { id: '' }] = results;
    await database.query(`update elocute.scoring set title = '100% A_Breath' where id = $1`, [id]);
    const found = async (search: string) =>
      (await everyRow(`search=${encodeURIComponent(search)}`)).length;
    assert.equal(await found('kEp'), SCORED - 1);
    assert.deepEqual([await found('breath'), await found('0%'), await found('_')], [1, 1, 1]);
    assert.deepEqual([await found('%a'), await found('K_pt'), await found('\\')], [0, 0, 0]);
    const exact = await everyRow('title=Kep');
    assert.deepEqual(exact, [], 'a title is a whole one');
    await database.query(`update elocute.scoring set title = 'Kept' where id = $1`, [id]);
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
        words: Difficulty[];
        sounds: Difficulty[];
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
    const spoken = known.flatMap((one) => one.words).filter(({ kind }) => kind !== 'inserted');
    const hardWords = hardest(
      spoken.map(({ text, kind, score }) => ({ name: text, missed: kind !== 'ok', score })),
    );
    const hardSounds = hardest(
      spoken
        .flatMap(({ phones }) => phones)
        .map(({ phone, stress, score }) => ({
          name: phone === 'AH' && stress === 0 ? 'AH0' : phone,
          missed: score < 60,
          score,
        })),
    );
    assert.ok(hardWords.length > 1 && hardSounds.length > 1);
    assert.deepEqual([words, sounds], [hardWords, hardSounds]);
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
    assert.equal(lines.length, 1 + SCORED + 1);
    assert.ok(lines[1]?.includes(`,'+24,novel,2,'=cmd|calc,4,`), lines[1]);
    const own = await web.call('/api/v1/scorings.csv', { as: ofOne });
    assert.equal(own.text.trim().split('\r\n').length, 1 + OF_EACH);
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
