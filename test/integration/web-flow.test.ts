import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { ScoringProgress } from '../../src/contract.ts';
import { putStandard } from '../support/local-world.ts';
import { lessonPair } from '../support/recordings.ts';
import { openEvents, type ServerEvent } from '../support/server-events.ts';
import { openWebWorld, type WebWorld } from '../support/web-world.ts';

const pair = lessonPair(16);
const lesson = { contentType: 'novel', level: 2, title: 'A Breath of Life', line: 1 };

interface Created {
  uploadId: string;
  put: { method: string; url: string; headers: Record<string, string> };
  links: { self: string };
}

describe('a recording that is sent over HTTP', function () {
  this.timeout(180_000);
  let web: WebWorld;
  const recording = readFileSync(pair.learner);

  before(async () => {
    web = await openWebWorld();
    await putStandard(web.world, lesson, readFileSync(pair.standard), pair.sentence);
  });
  after(() => web.close());

  async function create(body: Record<string, unknown> = {}, userId = '7') {
    const wish = { lesson, contentType: 'audio/wav', sizeBytes: recording.byteLength, ...body };
    return web.call('/api/v1/uploads', { method: 'POST', as: { userId }, body: wish });
  }

  const send = ({ put }: Created, body: Uint8Array, headers: Record<string, string> = {}) =>
    fetch(put.url, {
      method: put.method,
      body: new Uint8Array(body),
      headers: { ...put.headers, ...headers },
    });

  it('goes from a presigned address over live progress to the scores', async () => {
    const created = await create();
    assert.equal(created.status, 201, created.text);
    const upload = created.json as unknown as Created;
    assert.equal(created.headers.get('location'), upload.links.self);
    const waiting = await web.call(upload.links.self);
    assert.equal(waiting.json['status'], 'waiting');
    const sent = await send(upload, recording);
    assert.equal(sent.status, 200, await sent.text());
    let state = await web.call(upload.links.self);
    while (['waiting', 'arrived'].includes(String(state.json['status']))) {
      state = await web.call(upload.links.self);
    }
    const scoringId = String(state.json['scoringId']);
    assert.match(scoringId, /^[0-9a-f]{64}$/);

    const token = await web.tokenFor({});
    const events: ServerEvent[] = [];
    const url = `${web.origin}/api/v1/scorings/${scoringId}/events`;
    for await (const event of openEvents(url, token)) events.push(event);
    assert.deepEqual(events.at(-1), {
      event: 'end',
      id: 'end-completed',
      data: { id: scoringId, status: 'completed', failureCode: null },
    });
    const steps = events.filter(({ event }) => event === 'progress');
    assert.ok(steps.length >= 1, 'progress was told');
    const last = steps.at(-1)?.data as ScoringProgress;
    assert.ok(last.steps.length >= 7);

    const scored = await web.call(`/api/v1/scorings/${scoringId}`);
    assert.equal(scored.status, 200);
    const { status, result, userId } = scored.json as unknown as {
      status: string;
      userId: string;
      result: { overall: number };
    };
    assert.deepEqual([status, userId], ['completed', '7']);
    assert.ok(result.overall > 50);
    const rows = await web.world.database.query(
      'select user_id, status from app_userpronunciation where audio_file like $1',
      ['%/7/novel/%'],
    );
    assert.deepEqual(rows, [{ user_id: '7', status: 'completed' }]);

    const etag = scored.headers.get('etag') ?? '';
    const again = await web.call(`/api/v1/scorings/${scoringId}`, {
      headers: { 'if-none-match': etag },
    });
    assert.equal(again.status, 304);
    const audio = await web.call(`/api/v1/scorings/${scoringId}/recordings/learner`);
    assert.equal(audio.status, 302);
    const bytes = await (await fetch(audio.headers.get('location') ?? '')).arrayBuffer();
    assert.deepEqual(Buffer.from(bytes), recording);
    const list = await web.call('/api/v1/scorings');
    assert.equal((list.json['scorings'] as unknown[]).length, 1);

    const report = await web.call(`/scorings/${scoringId}?language=ko`);
    assert.equal(report.status, 200);
    assert.match(report.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(report.headers.get('content-security-policy') ?? '', /script-src 'sha256-/);
    assert.match(report.text, /<html lang="ko"/);
    const headers = { 'if-none-match': report.headers.get('etag') ?? '' };
    const unchanged = await web.call(`/scorings/${scoringId}?language=ko`, { headers });
    assert.equal(unchanged.status, 304);
    const others = await web.call(`/scorings/${scoringId}`, { as: { userId: '8' } });
    assert.equal(others.status, 404);
    assert.equal((await web.call(`/scorings/${scoringId}`, { as: null })).status, 401);
  });
});
